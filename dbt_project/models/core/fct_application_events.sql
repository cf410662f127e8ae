{{ config(schema='restricted') }}

with known as (
    select
        {{ to_text('company.company_id') }} as company_id,
        {{ to_text('evidence.evidence_id') }} as evidence_id,
        {{ to_text('people.person_key') }} as person_key,
        {{ to_timestamp('evidence.occurred_at') }} as occurred_at,
        {{ to_text('evidence.evidence_type') }} as evidence_type,
        {{ to_text('observers.person_key') }} as observed_by_person_key,
        {{ to_text('evidence.program_code') }} as program_code,
        {{ to_text('evidence.skill_code') }} as skill_code
    from {{ ref('stg_drops__application_evidence') }} as evidence
    left join {{ ref('int_people__employees_known') }} as people on evidence.employee_id = people.employee_id
    left join {{ ref('int_people__employees_known') }} as observers on evidence.observed_by_employee_id = observers.employee_id
    cross join {{ ref('stg_company__settings') }} as company
),

seen_by_the_coach as (
    select distinct known.company_id, known.evidence_id
    from known
    inner join {{ ref('fct_coaching_events') }} as coaching
        on known.company_id = coaching.company_id
        and known.person_key = coaching.coachee_person_key
        and known.observed_by_person_key = coaching.coach_person_key
        and coaching.has_learning_topic
        and coaching.occurred_at < known.occurred_at
        and coaching.occurred_at >= {{ add_days_to_moment('known.occurred_at', -90) }}
)

select
    known.company_id,
    known.evidence_id,
    known.person_key,
    known.occurred_at,
    known.evidence_type,
    known.observed_by_person_key,
    known.program_code,
    known.skill_code,
    known.evidence_type = 'system_trace'
    or (
        known.evidence_type in ('manager_observation', 'peer')
        and coalesce(known.observed_by_person_key <> known.person_key, false)
        and seen_by_the_coach.evidence_id is null
    ) as is_verified
from known
left join seen_by_the_coach on known.company_id = seen_by_the_coach.company_id and known.evidence_id = seen_by_the_coach.evidence_id
