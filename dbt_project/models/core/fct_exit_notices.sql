{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('notices.notice_id') }} as notice_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_timestamp('notices.announced_at') }} as announced_at,
    {{ to_date('notices.leaving_date') }} as leaving_date,
    {{ to_text('notices.notice_type') }} as notice_type
from {{ ref('stg_drops__exit_notices') }} as notices
left join {{ ref('int_people__employees_known') }} as people on notices.employee_id = people.employee_id
cross join {{ ref('stg_company__settings') }} as company
