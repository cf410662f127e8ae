with source as (
    {{ newest_version(source('absorb', 'users'), keys=['id'], cursor='date_edited', swept=['absorb', 'users']) }}
),

renamed as (
    select
        {{ to_key('id') }} as learner_id,
        {{ to_text('identity_key') }} as identity_key,
        {{ to_key('department_id') }} as department_id,
        {{ to_filled('external_id') }} as external_id,
        {{ to_filled('employee_number') }} as employee_number,
        {{ to_key('supervisor_id') }} as supervisor_learner_id,

        {{ to_text('email_address_key') }} as email_key,
        {{ to_text('email_address_domain') }} as email_domain,
        {{ to_text('job_title') }} as job_title,
        nullif(lower(trim({{ to_text('audience') }})), '') as audience,

        coalesce({{ to_count('active_status') }} = 0, false) as is_active,
        coalesce({{ to_flag('is_learner') }}, false) as is_learner,

        {{ to_timestamp('date_hired') }} as hired_at,
        {{ to_timestamp('date_terminated') }} as terminated_at,
        {{ to_timestamp('date_added') }} as created_at,
        {{ to_timestamp('last_login_date') }} as last_login_at,
        {{ to_timestamp('date_edited') }} as updated_at
    from source
    where not is_gone
)

select * from renamed
