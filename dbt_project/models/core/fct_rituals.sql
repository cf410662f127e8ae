{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('rituals.ritual_id') }} as ritual_id,
    {{ to_text('managers.person_key') }} as team_manager_person_key,
    {{ to_text('rituals.ritual_type') }} as ritual_type,
    {{ to_timestamp('rituals.held_at') }} as held_at,
    {{ to_count('rituals.attendees') }} as attendees
from {{ ref('stg_drops__rituals') }} as rituals
left join {{ ref('int_people__employees_known') }} as managers on rituals.team_manager_employee_id = managers.employee_id
cross join {{ ref('stg_company__settings') }} as company
