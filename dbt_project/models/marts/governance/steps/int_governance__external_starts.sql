{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per start of a contractor or partner: how many mandatory courses the company had on that day, and how many were completed by then.
   No source says when a requirement was waived: it counts as done from its assignment on, as in int_governance__requirement_months. #}
with introduced as (
    select courses.company_id, courses.course_id, min(enrollments.enrolled_at) as first_at
    from {{ ref('dim_courses') }} as courses
    inner join {{ ref('fct_enrollments') }} as enrollments
        on courses.company_id = enrollments.company_id and courses.course_id = enrollments.course_id
    where courses.is_mandatory
    group by courses.company_id, courses.course_id
),

starts as (
    select roles.company_id, roles.person_key, roles.role as audience, {{ to_date('roles.valid_from') }} as start_date, company.as_of_at
    from {{ ref('dim_person_roles') }} as roles
    inner join {{ ref('dim_company') }} as company on roles.company_id = company.company_id
    inner join {{ ref('dim_people') }} as people on roles.company_id = people.company_id and roles.person_key = people.person_key
    where roles.role in ('contractor', 'partner') and not people.is_test
        and roles.valid_from >= company.observed_from_at and roles.valid_from < company.as_of_at
),

completed as (
    select
        company_id, person_key, course_id,
        {{ to_date("min(case when status = 'waived' then enrolled_at else completed_at end)") }} as completed_date
    from {{ ref('fct_enrollments') }}
    where is_verified_completion or status = 'waived'
    group by company_id, person_key, course_id
)

select
    starts.company_id, starts.audience, starts.person_key, starts.start_date,
    {{ add_days('starts.start_date', 14) }} < {{ to_date('starts.as_of_at') }} as is_due_14,
    count(introduced.course_id) as required,
    sum({{ one_if('introduced.course_id is not null and completed.completed_date <= starts.start_date') }}) as done_before,
    sum({{ one_if('introduced.course_id is not null and completed.completed_date <= ' ~ add_days('starts.start_date', 14)) }}) as done_14
from starts
left join introduced on starts.company_id = introduced.company_id and {{ to_date('introduced.first_at') }} < starts.start_date
left join completed
    on starts.company_id = completed.company_id and starts.person_key = completed.person_key and introduced.course_id = completed.course_id
group by starts.company_id, starts.audience, starts.person_key, starts.start_date, {{ add_days('starts.start_date', 14) }} < {{ to_date('starts.as_of_at') }}
