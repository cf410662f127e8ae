{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per worker and whole month, who did nothing included: activity, hours with interaction, and minutes due in the four weeks after. #}
with activity as (
    select
        company_id, person_key, month_start,
        max({{ one_if('is_activity') }}) as is_active,
        max({{ one_if('is_activity and is_beyond_mandatory') }}) as is_active_beyond_mandatory,
        max({{ one_if("is_activity and system = 'lms'") }}) as uses_lms,
        {{ to_double('sum(coalesce(engaged_seconds, 0))') }} / 3600 as engaged_hours
    from {{ ref('int_activity__events') }}
    group by company_id, person_key, month_start
),

due as (
    select workers.company_id, workers.month_start, workers.person_key, sum(coalesce(courses.estimated_minutes, 0)) as minutes_due
    from {{ ref('int_activity__worker_months') }} as workers
    inner join {{ ref('fct_enrollments') }} as enrollments
        on workers.company_id = enrollments.company_id and workers.person_key = enrollments.person_key
        and {{ to_date('enrollments.enrolled_at') }} <= workers.month_end
        and {{ to_date('enrollments.due_at') }} > workers.month_end
        and {{ to_date('enrollments.due_at') }} <= {{ add_days('workers.month_end', 28) }}
        and (enrollments.completed_at is null or {{ to_date('enrollments.completed_at') }} > workers.month_end)
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id
    where enrollments.enrollment_source <> 'self'
    group by workers.company_id, workers.month_start, workers.person_key
)

select
    workers.company_id, workers.month_start, workers.person_key, workers.department,
    coalesce(activity.is_active, 0) as is_active,
    coalesce(activity.is_active_beyond_mandatory, 0) as is_active_beyond_mandatory,
    coalesce(activity.uses_lms, 0) as uses_lms, coalesce(activity.engaged_hours, 0) as engaged_hours,
    coalesce(due.minutes_due, 0) as minutes_due
from {{ ref('int_activity__worker_months') }} as workers
left join activity
    on workers.company_id = activity.company_id and workers.person_key = activity.person_key and workers.month_start = activity.month_start
left join due on workers.company_id = due.company_id and workers.person_key = due.person_key and workers.month_start = due.month_start
