with enrolled as (
    select
        enrollments.company_id, enrollments.course_id, {{ month_start('enrollments.enrolled_at') }} as cohort_month, people.audience, enrollments.person_key,
        case when enrollments.started_at is not null or enrollments.completed_at is not null then 1 else 0 end as started,
        case when enrollments.is_verified_completion then 1 else 0 end as completed,
        case when enrollments.due_at < company.as_of_at then 1 else 0 end as due,
        {{ one_if('due_at < company.as_of_at and is_verified_completion and completed_at <= due_at') }} as on_time,
        case when enrollments.due_at < company.as_of_at then enrollments.person_key end as due_person
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_people') }} as people on enrollments.company_id = people.company_id and enrollments.person_key = people.person_key
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    where not people.is_test and enrollments.enrolled_at is not null
),

counted as (
    select
        company_id, course_id, cohort_month, audience, count(distinct person_key) as people, count(distinct due_person) as people_due,
        count(*) as enrolled, sum(started) as started, sum(completed) as completed, sum(due) as due, sum(on_time) as on_time
    from enrolled
    group by company_id, course_id, cohort_month, audience
),

stated as (
    select
        *,
        {{ rate_state('enrolled', rate_is_shown('people')) }} as state,
        {{ rate_state('due', rate_is_shown('people_due')) }} as due_state
    from counted
)

select
    stated.company_id, stated.course_id, courses.course_code, courses.course_name, courses.is_mandatory, stated.cohort_month,
    {{ to_text('stated.audience') }} as audience,
    case when {{ count_is_shown('people') }} then {{ to_count('people') }} end as people_enrolled,
    {{ rate_columns('started_rate', 'started', 'enrolled', 'state') }},
    {{ rate_columns('never_started_rate', 'enrolled - started', 'enrolled', 'state') }},
    {{ rate_columns('completed_rate', 'completed', 'enrolled', 'state') }},
    {{ rate_columns('on_time_rate', 'on_time', 'due', 'due_state') }}
from stated
inner join {{ ref('dim_courses') }} as courses on stated.company_id = courses.company_id and stated.course_id = courses.course_id
