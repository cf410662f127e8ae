{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per session in the learning platform: the attempt (enrollment) it belongs to, whether somebody made the person take it, and the seconds in which
   another session of the same person was still open. Offline,
   caption and screen-reader sessions send few interactions, so they are excused. #}
with placed as (
    select
        sessions.company_id, sessions.session_id, sessions.person_key, sessions.course_id, sessions.started_at,
        sessions.ended_at,
        sessions.raw_seconds, sessions.engaged_seconds, sessions.interactions,
        coalesce(lower(sessions.device), '') in ('offline', 'offline_sync', 'screen_reader', 'captions', 'accessibility', 'assistive') as is_excused,
        enrollments.enrollment_id,
        coalesce(courses.is_mandatory, false) or coalesce(enrollments.enrollment_source = 'mandatory', false) as is_mandated,
        row_number() over (
            partition by sessions.company_id, sessions.session_id order by enrollments.enrolled_at desc nulls last, enrollments.enrollment_id asc
        ) as place
    from {{ ref('fct_learning_sessions') }} as sessions
    inner join {{ ref('dim_company') }} as company on sessions.company_id = company.company_id and sessions.started_at < company.as_of_at
    inner join {{ ref('dim_people') }} as people on sessions.company_id = people.company_id and sessions.person_key = people.person_key
    left join {{ ref('dim_courses') }} as courses on sessions.company_id = courses.company_id and sessions.course_id = courses.course_id
    left join {{ ref('fct_enrollments') }} as enrollments
        on sessions.company_id = enrollments.company_id and sessions.person_key = enrollments.person_key
        and sessions.course_id = enrollments.course_id and enrollments.enrolled_at <= sessions.started_at
    where sessions.system = 'lms' and not people.is_test
),

followed as (
    select
        placed.*,
        max(ended_at) over (
            partition by company_id, person_key order by started_at, session_id
            rows between unbounded preceding and 1 preceding
        ) as open_until
    from placed
    where place = 1
)

select
    company_id, session_id, person_key, course_id, enrollment_id, started_at, {{ month_start('started_at') }} as month_start,
    raw_seconds, engaged_seconds, interactions, is_excused, is_mandated,
    case
        when open_until is null or open_until <= started_at then 0
        when open_until < ended_at then {{ seconds_between('started_at', 'open_until') }}
        else {{ seconds_between('started_at', 'ended_at') }}
    end as overlap_seconds
from followed
