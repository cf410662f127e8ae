{{ config(schema='restricted', contract={'enforced': false}) }}

{# Person now: the course started last that is still under way, the next due and past due ones, the newest finished, the next certificate to run out. #}
with courses as (
    select
        enrollments.company_id, enrollments.person_key, enrollments.enrollment_id, courses.course_name, enrollments.started_at, enrollments.completed_at,
        enrollments.due_at, company.as_of_at,
        enrollments.completed_at is null and enrollments.status = 'in_progress' as is_under_way,
        enrollments.completed_at is null and enrollments.status in ('in_progress', 'not_started') as is_open
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    where coalesce(enrollments.is_active, true)
),

placed as (
    select
        courses.*,
        row_number() over (
            partition by company_id, person_key order by case when is_under_way then 0 else 1 end asc, started_at desc nulls last, enrollment_id asc
        ) as place_under_way,
        row_number() over (
            partition by company_id, person_key
            order by case when is_open and due_at is not null then 0 else 1 end asc, due_at asc nulls last, enrollment_id asc
        ) as place_due,
        row_number() over (
            partition by company_id, person_key
            order by case when completed_at < as_of_at then 0 else 1 end asc, completed_at desc nulls last, enrollment_id asc
        ) as place_finished
    from courses
),

certificates as (
    select certificates.company_id, certificates.person_key, min(certificates.expires_at) as certificate_expires_at
    from {{ ref('dim_certificates') }} as certificates
    inner join {{ ref('dim_company') }} as company
        on certificates.company_id = company.company_id and certificates.expires_at >= company.as_of_at
        and certificates.expires_at <= {{ add_days_to_moment('company.as_of_at', 30) }}
    left join {{ ref('dim_certificates') }} as renewed
        on certificates.company_id = renewed.company_id and certificates.person_key = renewed.person_key and certificates.course_id = renewed.course_id
        and renewed.expires_at > certificates.expires_at
    where renewed.course_id is null
    group by certificates.company_id, certificates.person_key
),

people as (
    select
        company_id, person_key,
        max(case when place_under_way = 1 and is_under_way then course_name end) as current_course,
        max(case when place_under_way = 1 and is_under_way then {{ days_between('started_at', 'as_of_at') }} end) as days_since_started,
        max(case when place_due = 1 and is_open then course_name end) as next_due_course,
        max(case when place_due = 1 and is_open then {{ to_date('due_at') }} end) as next_due_date,
        max(case when place_finished = 1 and completed_at < as_of_at then course_name end) as last_finished_course,
        max(case when place_finished = 1 and completed_at < as_of_at then {{ to_date('completed_at') }} end) as last_finished_date
    from placed
    group by company_id, person_key
),

everyone as (
    select company_id, person_key from people
    union
    select company_id, person_key from certificates
)

select
    everyone.company_id, everyone.person_key, people.current_course, people.days_since_started, people.next_due_course, people.next_due_date,
    people.last_finished_course, people.last_finished_date, {{ to_date('certificates.certificate_expires_at') }} as certificate_expires_date
from everyone
left join people on everyone.company_id = people.company_id and everyone.person_key = people.person_key
left join certificates on everyone.company_id = certificates.company_id and everyone.person_key = certificates.person_key
