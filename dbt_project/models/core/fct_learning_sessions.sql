{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('sessions.session_id') }} as session_id,
    {{ to_text('coalesce(people.person_key, learners.person_key)') }} as person_key,
    {{ to_text('sessions.system') }} as system,
    {{ to_text('sessions.course_code') }} as course_code,
    {{ to_timestamp('sessions.started_at') }} as started_at,
    {{ to_timestamp('sessions.ended_at') }} as ended_at,
    {{ to_count('sessions.raw_seconds') }} as raw_seconds,
    {{ to_count('sessions.engaged_seconds') }} as engaged_seconds,
    {{ to_count('sessions.interactions') }} as interactions,
    {{ to_text('sessions.device') }} as device,
    {{ to_text('coalesce(sessions.course_id, courses.course_id)') }} as course_id
from {{ ref('int_learning__sessions_united') }} as sessions
left join {{ ref('int_people__employees_known') }} as people on sessions.employee_id = people.employee_id
left join {{ ref('int_people__identities_matched') }} as learners
    on learners.population = 'learner' and sessions.source = learners.vendor
    and sessions.learner_id = learners.source_identity_id
left join {{ ref('int_learning__course_codes_known') }} as courses on sessions.course_code = courses.course_code
cross join {{ ref('stg_company__settings') }} as company
