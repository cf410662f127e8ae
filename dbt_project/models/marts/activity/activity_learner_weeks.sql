{{ config(schema='restricted') }}

{# Sources send dated events, not sessions: a week counts what happened in it. Minutes are a running total in the LMS and cannot be dated. #}
with events as (
    {% for name, moment in [('enrolled', 'enrolled_at'), ('started', 'started_at'), ('completed', 'completed_at')] %}
    select
        enrollments.company_id, enrollments.person_key, {{ week_start('enrollments.' ~ moment) }} as week_start, '{{ name }}' as event,
        not courses.is_mandatory and enrollments.enrollment_source <> 'mandatory' as is_beyond_mandatory,
        enrollments.enrollment_source = 'self' as is_own_choice
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    where enrollments.{{ moment }} is not null and enrollments.{{ moment }} < company.as_of_at
    union all
    {% endfor %}
    select
        attempts.company_id, attempts.person_key, {{ week_start('attempts.attempted_at') }} as week_start, 'attempted' as event,
        not courses.is_mandatory as is_beyond_mandatory, false as is_own_choice
    from {{ ref('fct_assessment_attempts') }} as attempts
    inner join {{ ref('dim_courses') }} as courses
        on attempts.company_id = courses.company_id and attempts.course_id = courses.course_id
    inner join {{ ref('dim_company') }} as company on attempts.company_id = company.company_id
    where attempts.attempted_at is not null and attempts.attempted_at < company.as_of_at
)

select
    events.company_id, events.person_key, events.week_start, people.audience,
    {{ to_count("sum(case when event = 'enrolled' then 1 else 0 end)") }} as courses_enrolled,
    {{ to_count("sum(case when event = 'enrolled' and is_own_choice then 1 else 0 end)") }} as courses_enrolled_by_own_choice,
    {{ to_count("sum(case when event = 'started' then 1 else 0 end)") }} as courses_started,
    {{ to_count("sum(case when event = 'completed' then 1 else 0 end)") }} as courses_completed,
    {{ to_count("sum(case when event = 'attempted' then 1 else 0 end)") }} as assessments_attempted,
    sum(case when event <> 'enrolled' then 1 else 0 end) > 0 as is_active,
    sum(case when event <> 'enrolled' and is_beyond_mandatory then 1 else 0 end) > 0 as is_active_beyond_mandatory,
    cast(null as {{ type_double() }}) as learning_minutes,
    {{ to_text("'no_data_reaches_us'") }} as learning_minutes_state
from events
inner join {{ ref('dim_people') }} as people on events.company_id = people.company_id and events.person_key = people.person_key
where not people.is_test
group by events.company_id, events.person_key, events.week_start, people.audience
