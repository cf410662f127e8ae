with source as (
    {{ newest_snapshot(source('bamboohr', 'employees'), keys=['employee_id']) }}
),

renamed as (
    select
        {{ to_key('employee_id') }} as employee_id,
        {{ to_text('identity_key') }} as identity_key,
        {{ to_filled_key('reports_to_id') }} as manager_employee_id,

        {{ to_text('work_email_key') }} as email_key,
        {{ to_text('work_email_domain') }} as email_domain,
        {{ to_text('job_title_name') }} as job_title,
        {{ to_text('department_name') }} as department,
        {{ to_text('division_name') }} as division,
        {{ to_text('location_name') }} as location,
        {{ to_text('employment_status_name') }} as employment_status,

        lower({{ to_text('status') }}) = 'active' as is_active,

        {{ to_date('hire_date') }} as hired_date,

        {{ to_timestamp('_loaded_at') }} as known_at
    from source
)

select * from renamed
