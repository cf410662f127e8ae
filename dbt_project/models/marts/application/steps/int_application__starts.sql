{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per start in a role that has a path: days until every course of the path was passed, until leaving, or until today. #}
with paths as (
    select company_id, role_title, count(*) as courses
    from {{ ref('dim_courses') }}
    where role_title is not null
    group by company_id, role_title
),

starts as (
    select
        spells.company_id, spells.person_key, spells.spell_number, spells.first_job_title as role_title, spells.hired_date, spells.terminated_date,
        paths.courses, {{ to_date('company.as_of_at') }} as as_of_date, company.competent_horizon_days
    from {{ ref('dim_worker_spells') }} as spells
    inner join {{ ref('dim_company') }} as company on spells.company_id = company.company_id
    inner join paths on spells.company_id = paths.company_id and spells.first_job_title = paths.role_title
    where spells.hired_date >= {{ to_date('company.observed_from_at') }} and spells.hired_date <= {{ to_date('company.as_of_at') }}
),

first_passes as (
    select starts.company_id, starts.person_key, starts.spell_number, attempts.course_id, min(attempts.attempted_at) as passed_at
    from starts
    inner join {{ ref('fct_assessment_attempts') }} as attempts
        on starts.company_id = attempts.company_id and starts.person_key = attempts.person_key
        and {{ to_date('attempts.attempted_at') }} >= starts.hired_date
    inner join {{ ref('dim_courses') }} as courses
        on attempts.company_id = courses.company_id and attempts.course_id = courses.course_id and starts.role_title = courses.role_title
    where attempts.is_passed
    group by starts.company_id, starts.person_key, starts.spell_number, attempts.course_id
),

passed as (
    select company_id, person_key, spell_number, count(*) as passed_courses, max(passed_at) as last_passed_at
    from first_passes
    group by company_id, person_key, spell_number
),

learned as (
    select
        starts.company_id, starts.person_key, starts.spell_number,
        min(case when courses.role_title = starts.role_title then enrollments.started_at end) as opened_at,
        min(case when enrollments.is_verified_completion and not courses.is_mandatory then enrollments.completed_at end) as first_win_at
    from starts
    inner join {{ ref('fct_enrollments') }} as enrollments
        on starts.company_id = enrollments.company_id and starts.person_key = enrollments.person_key
        and {{ to_date('enrollments.started_at') }} >= starts.hired_date
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id
    group by starts.company_id, starts.person_key, starts.spell_number
),

dated as (
    select
        starts.*,
        {{ days_between('starts.hired_date', 'learned.opened_at') }} as days_to_open,
        {{ days_between('starts.hired_date', 'learned.first_win_at') }} as days_to_first_win,
        case when passed.passed_courses >= starts.courses then {{ days_between('starts.hired_date', 'passed.last_passed_at') }} end as days_to_competent,
        case when starts.terminated_date <= starts.as_of_date then {{ days_between('starts.hired_date', 'starts.terminated_date') }} end as days_to_leave,
        {{ days_between('starts.hired_date', 'starts.as_of_date') }} as days_observed
    from starts
    left join passed on starts.company_id = passed.company_id and starts.person_key = passed.person_key and starts.spell_number = passed.spell_number
    left join learned
        on starts.company_id = learned.company_id and starts.person_key = learned.person_key and starts.spell_number = learned.spell_number
)

select
    company_id, person_key, spell_number, role_title, hired_date, {{ month_start('hired_date') }} as hire_month,
    {{ quarter_start('hired_date') }} as start_quarter, as_of_date, competent_horizon_days, days_observed,
    case when days_to_leave is null or days_to_open <= days_to_leave then days_to_open end as days_to_open,
    case when days_to_leave is null or days_to_first_win <= days_to_leave then days_to_first_win end as days_to_first_win,
    case
        when days_to_competent is not null and (days_to_leave is null or days_to_competent <= days_to_leave) then 'event'
        when days_to_leave is not null then 'competing'
        else 'censored'
    end as outcome,
    case
        when days_to_competent is not null and (days_to_leave is null or days_to_competent <= days_to_leave) then days_to_competent
        when days_to_leave is not null then days_to_leave
        else days_observed
    end as t
from dated
