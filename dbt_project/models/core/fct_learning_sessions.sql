{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('sessions.session_id') }} as session_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_text('sessions.system') }} as system,
    {{ to_text('sessions.course_code') }} as course_code,
    {{ to_timestamp('sessions.started_at') }} as started_at,
    {{ to_timestamp('sessions.ended_at') }} as ended_at,
    {{ to_count('sessions.raw_seconds') }} as raw_seconds,
    {{ to_count('sessions.engaged_seconds') }} as engaged_seconds,
    {{ to_count('sessions.interactions') }} as interactions,
    {{ to_text('sessions.device') }} as device,
    {{ to_text('courses.course_id') }} as course_id
from {{ ref('stg_drops__learning_sessions') }} as sessions
left join {{ ref('int_people__employees_known') }} as people on sessions.employee_id = people.employee_id
left join {{ ref('int_learning__course_codes_known') }} as courses on sessions.course_code = courses.course_code
cross join {{ ref('stg_company__settings') }} as company
