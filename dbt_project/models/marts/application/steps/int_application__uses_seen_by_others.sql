{{ config(schema='restricted', contract={'enforced': false}) }}

{# Verified use that nobody who ever coached the person has reported: a system trace, or another colleague. #}
select evidence.company_id, evidence.evidence_id, evidence.person_key, evidence.occurred_at
from {{ ref('fct_application_events') }} as evidence
left join (
    select distinct company_id, coach_person_key, coachee_person_key from {{ ref('fct_coaching_events') }} where has_learning_topic
) as coaches
    on evidence.company_id = coaches.company_id and evidence.observed_by_person_key = coaches.coach_person_key
    and evidence.person_key = coaches.coachee_person_key
where evidence.is_verified and evidence.person_key is not null
    and (coaches.coach_person_key is null or evidence.evidence_type = 'system_trace')
