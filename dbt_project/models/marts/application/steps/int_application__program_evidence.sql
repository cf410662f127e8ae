{{ config(schema='restricted', contract={'enforced': false}) }}

{# Evidence of use by the program it speaks for: the one it names, else every program that teaches the skill it names. #}
with skills as (
    select distinct programs.company_id, programs.program_code, taught.skill_code
    from {{ ref('bridge_program_courses') }} as programs
    inner join {{ ref('bridge_course_skills') }} as taught
        on programs.company_id = taught.company_id and programs.course_id = taught.course_id
)

select company_id, evidence_id, program_code, person_key, occurred_at, is_verified, evidence_type = 'self_report' as is_self_report
from {{ ref('fct_application_events') }}
where program_code is not null and person_key is not null
union all
select
    events.company_id, events.evidence_id, skills.program_code, events.person_key, events.occurred_at, events.is_verified,
    events.evidence_type = 'self_report' as is_self_report
from {{ ref('fct_application_events') }} as events
inner join skills on events.company_id = skills.company_id and events.skill_code = skills.skill_code
where events.program_code is null and events.person_key is not null
