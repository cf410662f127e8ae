{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('events.event_id') }} as event_id,
    {{ to_text('coaches.person_key') }} as coach_person_key,
    {{ to_text('coachees.person_key') }} as coachee_person_key,
    {{ to_timestamp('events.occurred_at') }} as occurred_at,
    {{ to_text('events.event_type') }} as event_type,
    {{ to_flag('events.has_learning_topic') }} as has_learning_topic,
    {{ to_text('events.program_code') }} as program_code,
    {{ to_count('events.minutes') }} as minutes
from {{ ref('stg_drops__coaching_events') }} as events
left join {{ ref('int_people__employees_known') }} as coaches on events.coach_employee_id = coaches.employee_id
left join {{ ref('int_people__employees_known') }} as coachees on events.coachee_employee_id = coachees.employee_id
cross join {{ ref('stg_company__settings') }} as company
