{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('decisions.decision_id') }} as decision_id,
    {{ to_text('managers.person_key') }} as team_manager_person_key,
    {{ to_timestamp('decisions.decided_at') }} as decided_at,
    {{ to_text('decisions.category') }} as category,
    {{ to_flag('decisions.used_learning') }} as used_learning,
    {{ to_flag('decisions.was_reversed') }} as was_reversed
from {{ ref('stg_drops__decisions') }} as decisions
left join {{ ref('int_people__employees_known') }} as managers on decisions.team_manager_employee_id = managers.employee_id
cross join {{ ref('stg_company__settings') }} as company
