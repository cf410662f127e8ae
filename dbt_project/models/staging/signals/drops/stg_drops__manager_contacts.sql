with source as (
    {{ newest_version(source('drops', 'manager_contacts'), keys=['contact_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('contact_id') }} as contact_id,
        {{ to_text('manager_employee_id') }} as manager_employee_id,

        {{ to_text('topic') }} as topic,
        {{ to_text('barrier') }} as barrier,

        {{ to_timestamp('contacted_at') }} as contacted_at
    from source
)

select * from renamed
