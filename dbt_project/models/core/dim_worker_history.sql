{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('periods.person_key') }} as person_key,
    {{ to_text('periods.employee_id') }} as worker_id,
    {{ to_text('periods.worker_type') }} as worker_type,
    {{ to_text('periods.job_title') }} as job_title,
    {{ to_text('periods.department') }} as department,
    {{ to_text('periods.division') }} as division,
    {{ to_text('periods.location') }} as location,
    {{ to_text('periods.manager_person_key') }} as manager_person_key,
    {{ to_text('periods.manager_basis') }} as manager_basis,
    {{ to_date('periods.valid_from') }} as valid_from,
    {{ to_date('periods.valid_to') }} as valid_to,
    {{ to_flag('periods.valid_to is null') }} as is_current,
    {{ to_flag('leaders.job_title is not null') }} as is_leader
from {{ ref('int_people__managers_resolved') }} as periods
left join {{ ref('stg_company__leader_titles') }} as leaders on periods.job_title = leaders.job_title
cross join {{ ref('stg_company__settings') }} as company
