{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('buddies.assignment_id') }} as assignment_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_text('buddy_people.person_key') }} as buddy_person_key,
    {{ to_timestamp('buddies.assigned_at') }} as assigned_at,
    {{ to_timestamp('buddies.ended_at') }} as ended_at
from {{ ref('stg_drops__buddy_assignments') }} as buddies
left join {{ ref('int_people__employees_known') }} as people on buddies.employee_id = people.employee_id
left join {{ ref('int_people__employees_known') }} as buddy_people on buddies.buddy_employee_id = buddy_people.employee_id
cross join {{ ref('stg_company__settings') }} as company
