with enrolled as (
    select
        enrollments.company_id, enrollments.course_id, {{ month_start('enrollments.enrolled_at') }} as cohort_month,
        people.audience, enrollments.person_key,
        {{ one_if("enrollments.status = 'waived'") }} as waived,
        {{ one_if("enrollments.status <> 'waived'") }} as asked,
        {{ one_if("enrollments.status <> 'waived' and (enrollments.started_at is not null or enrollments.completed_at is not null)") }} as started,
        {{ one_if('enrollments.is_verified_completion') }} as completed,
        {{ one_if("enrollments.status <> 'waived' and enrollments.due_at < company.as_of_at") }} as due,
        {{ one_if('due_at < company.as_of_at and is_verified_completion and completed_at <= due_at') }} as on_time
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_people') }} as people on enrollments.company_id = people.company_id and enrollments.person_key = people.person_key
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    where not people.is_test and enrollments.enrolled_at is not null
),

counted as (
    select
        company_id, course_id, cohort_month, audience, count(distinct person_key) as people,
        count(distinct case when asked = 1 then person_key end) as people_asked,
        count(distinct case when due = 1 then person_key end) as people_due, count(*) as enrolled,
        sum(waived) as waived, sum(asked) as asked,
        sum(started) as started, sum(completed) as completed, sum(due) as due, sum(on_time) as on_time
    from enrolled
    group by company_id, course_id, cohort_month, audience
),

stated as (
    select
        counted.*, reach.people_in_audience, reach.people_reached,
        {{ rate_state('counted.enrolled', rate_is_shown('counted.people')) }} as enrolled_state,
        {{ rate_state('counted.asked', rate_is_shown('counted.people_asked')) }} as state,
        {{ rate_state('counted.due', rate_is_shown('counted.people_due')) }} as due_state,
        {{ rate_state('reach.people_in_audience', rate_is_shown('reach.people_in_audience')) }} as reach_state
    from counted
    inner join {{ ref('int_activity__course_reach') }} as reach on {{ same('counted', 'reach', ['company_id', 'course_id', 'cohort_month', 'audience']) }}
)

select
    stated.company_id, stated.course_id, courses.course_code, courses.course_name, courses.is_mandatory, stated.cohort_month,
    {{ to_text('stated.audience') }} as audience, bridge.program_code, programs.planned_reach_share,
    case when {{ count_is_shown('people') }} then {{ to_count('people') }} end as people_enrolled,
    {{ rate_columns('started_rate', 'started', 'asked', 'state') }},
    {{ rate_columns('never_started_rate', 'asked - started', 'asked', 'state') }},
    {{ rate_columns('completed_rate', 'completed', 'asked', 'state') }},
    {{ rate_columns('on_time_rate', 'on_time', 'due', 'due_state') }},
    {{ rate_columns('waived_rate', 'waived', 'enrolled', 'enrolled_state') }},
    {{ rate_columns('reach_share', 'people_reached', 'people_in_audience', 'reach_state') }}
from stated
inner join {{ ref('dim_courses') }} as courses on stated.company_id = courses.company_id and stated.course_id = courses.course_id
left join {{ ref('bridge_program_courses') }} as bridge on stated.company_id = bridge.company_id and stated.course_id = bridge.course_id
left join {{ ref('dim_programs') }} as programs on bridge.company_id = programs.company_id and bridge.program_code = programs.program_code
