{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per finished course beyond the mandatory list: did practice follow within 14 days, and feedback on it within the same 14 days? #}
{% set window_days = 14 %}

with learned as (
    select
        enrollments.company_id, enrollments.enrollment_id, enrollments.person_key, enrollments.completed_at, enrollments.course_id,
        coalesce(workers.department, 'Unknown') as department, programs.program_code
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    left join {{ ref('bridge_program_courses') }} as programs
        on enrollments.company_id = programs.company_id and enrollments.course_id = programs.course_id
    {{ worker_at('workers', 'enrollments', 'person_key', 'completed_at') }}
    where enrollments.is_verified_completion and not courses.is_mandatory
        and {{ add_days_to_moment('enrollments.completed_at', window_days) }} <= company.as_of_at
),

taught as (
    select distinct company_id, course_id, skill_code from {{ ref('bridge_course_skills') }} where course_id is not null
),

followed as (
    {% for link in ['program', 'skill'] %}
    select learned.company_id, learned.enrollment_id, tasks.done_at, tasks.feedback_at
    from learned
    {% if link == 'skill' -%}
    inner join taught on learned.company_id = taught.company_id and learned.course_id = taught.course_id
    {% endif -%}
    inner join {{ ref('fct_practice_tasks') }} as tasks
        on learned.company_id = tasks.company_id and learned.person_key = tasks.person_key
        and {% if link == 'skill' %}taught.skill_code = tasks.skill_code{% else %}learned.program_code = tasks.program_code{% endif %}
        and tasks.done_at > learned.completed_at and tasks.done_at <= {{ add_days_to_moment('learned.completed_at', window_days) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

first_practice as (
    select
        followed.company_id, followed.enrollment_id, min(followed.done_at) as practiced_at,
        min(case
            when followed.feedback_at >= followed.done_at
                and followed.feedback_at <= {{ add_days_to_moment('learned.completed_at', window_days) }} then followed.feedback_at
        end) as feedback_at
    from followed
    inner join learned on followed.company_id = learned.company_id and followed.enrollment_id = learned.enrollment_id
    group by followed.company_id, followed.enrollment_id
)

select
    learned.company_id, learned.enrollment_id, learned.person_key, learned.department, {{ month_start('learned.completed_at') }} as month_start,
    {{ one_if('first_practice.practiced_at is not null') }} as is_practiced, {{ one_if('first_practice.feedback_at is not null') }} as is_loop,
    {{ ratio(seconds_between('learned.completed_at', 'first_practice.practiced_at'), 86400) }} as days_to_practice,
    {{ ratio(seconds_between('first_practice.practiced_at', 'first_practice.feedback_at'), 86400) }} as days_to_feedback
from learned
left join first_practice on learned.company_id = first_practice.company_id and learned.enrollment_id = first_practice.enrollment_id
