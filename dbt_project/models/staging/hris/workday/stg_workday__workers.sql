with source as (
    {{ newest_snapshot(source('workday', 'workers'), keys=['employee_id']) }}
),

renamed as (
    select
        {{ to_key('source.employee_id') }} as employee_id,
        {{ to_text('source.identity_key') }} as identity_key,
        {{ to_filled_key('source.manager_employee_id') }} as manager_employee_id,

        {{ to_text('source.work_email_key') }} as email_key,
        {{ to_text('source.work_email_domain') }} as email_domain,
        {{ to_text('source.job_profile') }} as job_title,
        {{ to_text('source.supervisory_organization') }} as department,
        {{ to_text('source.division') }} as division,
        {{ to_text('source.location') }} as location,
        {{ to_text('source.worker_status') }} as employment_status,

        coalesce(words.is_working, false) as is_active,

        {{ to_date('source.hire_date') }} as hired_date,

        {{ to_timestamp('source._loaded_at') }} as known_at
    from source
    left join {{ ref('xwalk_workday_worker_status') }} as words on source.worker_status = words.vendor_status
)

select * from renamed
