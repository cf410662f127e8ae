{{ config(schema='restricted', contract={'enforced': false}) }}

{# Long: one row per thing a rule looked at (attempt, session, completion, assignment): who, which course,
   which month, whether the rule fired, and its weight. #}
with rated_months as (
    select distinct company_id, {{ month_start('starts_on') }} as from_month, {{ month_start('rating_date') }} as to_month
    from {{ ref('dim_review_cycles') }}
    where is_learning_rated
    union
    select company_id, {{ month_start('valid_from') }}, {{ month_start("coalesce(valid_to, date '9999-01-01')") }}
    from {{ ref('dim_policies') }}
    where policy_type = 'rating_link'
),

completions as (
    select
        enrollments.company_id, enrollments.course_id, enrollments.person_key,
        {{ month_start('enrollments.completed_at') }} as month_start,
        enrollments.enrolled_at, enrollments.due_at, enrollments.completed_at
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_people') }} as people on enrollments.company_id = people.company_id and enrollments.person_key = people.person_key
    where enrollments.is_verified_completion and enrollments.completed_at is not null and not people.is_test
),

{# Choices are looked at only while scores are tied to ratings: nobody has a reason to choose easy content otherwise. #}
chosen as (
    select distinct
        enrollments.company_id, enrollments.enrollment_id, enrollments.course_id, enrollments.person_key,
        {{ month_start('enrollments.enrolled_at') }} as month_start
    from {{ ref('fct_enrollments') }} as enrollments
    inner join rated_months
        on enrollments.company_id = rated_months.company_id
        and {{ month_start('enrollments.enrolled_at') }} between rated_months.from_month and rated_months.to_month
    inner join {{ ref('dim_people') }} as people on enrollments.company_id = people.company_id and enrollments.person_key = people.person_key
    where enrollments.enrollment_source = 'self' and not people.is_test
)

select
    company_id, course_id, person_key, month_start, 'uncredited_share' as measure,
    {{ ratio('case when engaged_seconds < raw_seconds then raw_seconds - engaged_seconds else 0 end', 60) }} as hit,
    {{ ratio('raw_seconds', 60) }} as weight
from {{ ref('int_governance__session_facts') }}
where is_mandated and not is_excused and engaged_seconds is not null and raw_seconds > 0
union all
select company_id, course_id, person_key, month_start, 'left_running_share', {{ to_double(one_if('is_left_running')) }}, {{ to_double('1') }}
from {{ ref('int_governance__module_attempts') }}
where is_mandated
union all
select company_id, course_id, person_key, month_start, 'speed_run_share', {{ to_double(one_if('is_speed_run')) }}, {{ to_double('1') }}
from {{ ref('int_governance__module_attempts') }}
where is_completed
union all
select company_id, course_id, person_key, month_start, 'overlap_share', {{ to_double('overlap_seconds') }} / 60, {{ to_double('raw_seconds') }} / 60
from {{ ref('int_governance__session_facts') }}
union all
select
    company_id, course_id, person_key, month_start, 'deadline_burst_share',
    {{ to_double(one_if(seconds_between('enrolled_at', 'completed_at') ~ ' >= 0.9 * ' ~ seconds_between('enrolled_at', 'due_at'))) }},
    {{ to_double('1') }}
from completions
where due_at > enrolled_at and completed_at <= due_at
union all
select
    company_id, course_id, person_key, month_start,
    case when is_gap_content then 'gap_avoidance' else 'avoidance_elsewhere' end,
    {{ to_double(one_if('not is_started')) }}, {{ to_double('1') }}
from {{ ref('int_governance__assigned_content') }}
union all
select
    chosen.company_id, chosen.course_id, chosen.person_key, chosen.month_start, 'easy_skew', course.difficulty,
    {{ to_double('1') }}
from chosen
inner join {{ ref('dim_course_difficulty') }} as course
    on chosen.company_id = course.company_id and chosen.course_id = course.course_id and course.is_measured
