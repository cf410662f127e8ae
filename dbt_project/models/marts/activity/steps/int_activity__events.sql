{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per dated learning event of a person: what, where, by whose choice, and the department the person was in on that day. #}
with sources_of_enrollment as (
    select company_id, person_key, course_id, max({{ one_if("enrollment_source <> 'self'") }}) as is_required
    from {{ ref('fct_enrollments') }}
    group by company_id, person_key, course_id
),

events as (
    {% for event in ['enrolled', 'started', 'completed'] %}
    select
        enrollments.company_id, enrollments.person_key, enrollments.{{ event }}_at as occurred_at,
        '{{ event }}' as event, 'lms' as system,
        enrollments.course_id, enrollments.enrollment_source,
        not courses.is_mandatory and enrollments.enrollment_source <> 'mandatory' as is_beyond_mandatory,
        not courses.is_mandatory and enrollments.enrollment_source = 'self' as is_own_choice,
        {{ to_count('null') }} as raw_seconds, {{ to_count('null') }} as engaged_seconds
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id
    where enrollments.{{ event }}_at is not null
    union all
    {% endfor %}
    select
        attempts.company_id, attempts.person_key, attempts.attempted_at, 'attempted', 'lms', attempts.course_id, null,
        not courses.is_mandatory, not courses.is_mandatory and coalesce(chosen.is_required, 1) = 0, null, null
    from {{ ref('fct_assessment_attempts') }} as attempts
    inner join {{ ref('dim_courses') }} as courses
        on attempts.company_id = courses.company_id and attempts.course_id = courses.course_id
    left join sources_of_enrollment as chosen
        on attempts.company_id = chosen.company_id and attempts.person_key = chosen.person_key and attempts.course_id = chosen.course_id
    where attempts.attempted_at is not null
    union all
    select
        sessions.company_id, sessions.person_key, sessions.started_at, 'session', sessions.system, sessions.course_id, null,
        not coalesce(courses.is_mandatory, false),
        not coalesce(courses.is_mandatory, false) and coalesce(chosen.is_required, 0) = 0,
        sessions.raw_seconds, sessions.engaged_seconds
    from {{ ref('fct_learning_sessions') }} as sessions
    left join {{ ref('dim_courses') }} as courses on sessions.company_id = courses.company_id and sessions.course_id = courses.course_id
    left join sources_of_enrollment as chosen
        on sessions.company_id = chosen.company_id and sessions.person_key = chosen.person_key and sessions.course_id = chosen.course_id
    union all
    select company_id, person_key, done_at, 'practiced', 'work', null, null, true, true, null, null
    from {{ ref('fct_practice_tasks') }}
    where done_at is not null
    union all
    select
        moments.company_id, moments.person_key, moments.opened_at, 'opened', 'work', courses.course_id, null,
        not coalesce(courses.is_mandatory, false), not coalesce(courses.is_mandatory, false), null, null
    from {{ ref('fct_moments') }} as moments
    left join {{ ref('dim_courses') }} as courses on moments.company_id = courses.company_id and moments.course_code = courses.course_code
    where moments.opened_at is not null
)

select
    events.*,
    {{ to_date('events.occurred_at') }} as occurred_date, {{ week_start('events.occurred_at') }} as week_start,
    {{ month_start('events.occurred_at') }} as month_start,
    people.audience, workers.department,
    events.event <> 'enrolled' and (events.event <> 'session' or coalesce(events.engaged_seconds, events.raw_seconds) >= 60) as is_activity,
    {{ to_local_time('events.occurred_at', 'company.time_zone') }} as local_at
from events
inner join {{ ref('dim_company') }} as company on events.company_id = company.company_id and events.occurred_at < company.as_of_at
inner join {{ ref('dim_people') }} as people on events.company_id = people.company_id and events.person_key = people.person_key
left join {{ ref('dim_worker_history') }} as workers
    on events.company_id = workers.company_id and events.person_key = workers.person_key
    and {{ to_date('events.occurred_at') }} >= workers.valid_from
    and {{ to_date('events.occurred_at') }} < coalesce(workers.valid_to, date '9999-12-31')
where not people.is_test
