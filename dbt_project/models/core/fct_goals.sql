{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('goals.goal_id') }} as goal_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_text('goals.goal_type') }} as goal_type,
    {{ to_text('goals.skill_code') }} as skill_code,
    {{ to_timestamp('goals.set_at') }} as set_at,
    {{ to_date('goals.due_date') }} as due_date,
    {{ to_text('goals.status') }} as status,
    {{ to_timestamp('goals.closed_at') }} as closed_at
from {{ ref('stg_drops__goals') }} as goals
left join {{ ref('int_people__employees_known') }} as people on goals.employee_id = people.employee_id
cross join {{ ref('stg_company__settings') }} as company
