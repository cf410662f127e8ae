with source as (
    {{ newest_version(source('drops', 'exit_notices'), keys=['notice_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('notice_id') }} as notice_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_text('notice_type') }} as notice_type,

        {{ to_date('leaving_date') }} as leaving_date,

        {{ to_timestamp('announced_at') }} as announced_at
    from source
)

select * from renamed
