{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per mandatory course, worker and whole month: where the worker stood on the last day, seen with what had happened by then. The newest
   assignment whose due day has passed is the one to meet; a completion of it or of a later one is valid until its certificate expires. #}
with introduced as (
    select courses.company_id, courses.course_id, {{ to_date('min(enrollments.enrolled_at)') }} as first_date
    from {{ ref('dim_courses') }} as courses
    inner join {{ ref('fct_enrollments') }} as enrollments
        on courses.company_id = enrollments.company_id and courses.course_id = enrollments.course_id
    where courses.is_mandatory
    group by courses.company_id, courses.course_id
),

assignments as (
    select
        enrollments.company_id, enrollments.course_id, enrollments.person_key, enrollments.enrolled_at, enrollments.status,
        {{ to_date('coalesce(enrollments.due_at, enrollments.enrolled_at)') }} as due_date,
        case when enrollments.is_verified_completion then {{ to_date('enrollments.completed_at') }} end as completed_date,
        {{ to_date('certificates.expires_at') }} as expires_date
    from {{ ref('fct_enrollments') }} as enrollments
    left join {{ ref('dim_certificates') }} as certificates
        on enrollments.company_id = certificates.company_id and enrollments.enrollment_id = certificates.enrollment_id
),

placed as (
    select
        workers.company_id, introduced.course_id, workers.month_start, workers.month_end, workers.person_key,
        workers.department, workers.audience,
        max(items.enrolled_at) as newest_at,
        max(case when items.due_date <= workers.month_end then items.enrolled_at end) as newest_due_at,
        max(case when items.due_date <= workers.month_end then items.due_date end) as newest_due_date,
        max(case when items.status = 'waived' then items.enrolled_at end) as newest_waived_at,
        max(case when items.completed_date <= workers.month_end then items.enrolled_at end) as newest_done_at,
        max(case
            when items.completed_date <= workers.month_end and (items.expires_date is null or items.expires_date > workers.month_end) then items.enrolled_at
        end) as newest_valid_at,
        max(case when items.completed_date <= workers.month_end then items.expires_date end) as expires_date
    from {{ ref('int_activity__worker_months') }} as workers
    inner join introduced on workers.company_id = introduced.company_id and introduced.first_date <= workers.month_end
    left join assignments as items
        on workers.company_id = items.company_id and workers.person_key = items.person_key and introduced.course_id = items.course_id
        and {{ to_date('items.enrolled_at') }} <= workers.month_end
    group by
        workers.company_id, introduced.course_id, workers.month_start, workers.month_end, workers.person_key,
        workers.department, workers.audience
)

select
    company_id, course_id, month_start, month_end, person_key, department, audience,
    case
        when newest_at is null then 'not_assigned'
        when newest_waived_at >= coalesce(newest_due_at, newest_at) then 'waived'
        when newest_valid_at >= coalesce(newest_due_at, newest_valid_at) then 'valid'
        when newest_due_at is null then 'not_due'
        when newest_done_at >= newest_due_at then 'expired'
        else 'overdue'
    end as standing,
    case when newest_valid_at is not null then expires_date end as expires_date,
    {{ days_between('newest_due_date', 'month_end') }} as days_since_due
from placed
