{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per learner, attempt at a module and month: recorded (wall clock) and credited (engaged) minutes and which plain rule fires. Rules look at
   events, never at a person's character: passing at the first try excuses everything, offline and assistive sessions excuse silence. Nothing here is
   ever published per person. #}
with sessions as (
    select
        company_id, person_key, course_id, enrollment_id, month_start,
        {{ ratio('sum(raw_seconds)', 60) }} as recorded_minutes,
        {{ ratio('sum(engaged_seconds)', 60) }} as credited_minutes, sum(interactions) as interactions,
        max({{ one_if('is_excused') }}) = 1 as is_excused, max({{ one_if('is_mandated') }}) = 1 as is_mandated
    from {{ ref('int_governance__session_facts') }}
    where engaged_seconds is not null and raw_seconds > 0
    group by company_id, person_key, course_id, enrollment_id, month_start
),

first_tries as (
    select company_id, enrollment_id, is_passed
    from (
        select
            company_id, enrollment_id, is_passed,
            row_number() over (partition by company_id, person_key, course_id order by attempted_at, enrollment_id) as attempt
        from {{ ref('fct_assessment_attempts') }}
    ) as attempts
    where attempt = 1
),

attempts as (
    select
        sessions.*, courses.estimated_minutes, coalesce(first_tries.is_passed, false) as passed_first_time,
        coalesce(enrollments.is_verified_completion and {{ month_start('enrollments.completed_at') }} = sessions.month_start, false) as is_completed,
        sum(sessions.credited_minutes) over (
            partition by sessions.company_id, sessions.person_key, sessions.course_id, sessions.enrollment_id
        ) as credited_minutes_in_all
    from sessions
    left join {{ ref('dim_courses') }} as courses on sessions.company_id = courses.company_id and sessions.course_id = courses.course_id
    left join {{ ref('fct_enrollments') }} as enrollments
        on sessions.company_id = enrollments.company_id and sessions.enrollment_id = enrollments.enrollment_id
    left join first_tries on sessions.company_id = first_tries.company_id and sessions.enrollment_id = first_tries.enrollment_id
),

modules as (
    select
        company_id, course_id, {{ median('credited_minutes') }} as median_minutes,
        {{ median('case when passed_first_time then credited_minutes end') }} as passers_median_minutes
    from attempts
    group by company_id, course_id
)

select
    attempts.*,
    attempts.recorded_minutes >= 10 and attempts.credited_minutes < 0.2 * attempts.recorded_minutes
    and attempts.credited_minutes < 0.5 * coalesce(modules.median_minutes, attempts.credited_minutes)
    and coalesce(attempts.interactions, 0) < 0.15 * attempts.recorded_minutes
    and not attempts.passed_first_time and not attempts.is_excused as is_left_running,
    attempts.is_completed and attempts.credited_minutes_in_all < 0.1 * coalesce(modules.passers_median_minutes, modules.median_minutes)
    and attempts.credited_minutes_in_all < 0.25 * coalesce(attempts.estimated_minutes, 0)
    and not attempts.passed_first_time and not attempts.is_excused as is_speed_run
from attempts
left join modules on attempts.company_id = modules.company_id and attempts.course_id = modules.course_id
