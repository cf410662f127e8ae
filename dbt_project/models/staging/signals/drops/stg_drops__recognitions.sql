with source as (
    {{ newest_version(source('drops', 'recognitions'), keys=['recognition_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('recognition_id') }} as recognition_id,
        {{ to_text('from_employee_id') }} as from_employee_id,
        {{ to_text('to_employee_id') }} as to_employee_id,

        {{ to_text('reason_class') }} as reason_class,

        {{ to_timestamp('occurred_at') }} as occurred_at
    from source
)

select * from renamed
