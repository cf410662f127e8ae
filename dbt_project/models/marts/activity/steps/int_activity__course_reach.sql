{{ config(schema='restricted', contract={'enforced': false}) }}

{# Course x month x audience: how many people the audience had at the end of the month (or today), and how many of them had started the course by then. #}
with cohorts as (
    select distinct
        enrollments.company_id, enrollments.course_id, {{ month_start('enrollments.enrolled_at') }} as cohort_month,
        people.audience
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_people') }} as people on enrollments.company_id = people.company_id and enrollments.person_key = people.person_key
    where not people.is_test and enrollments.enrolled_at is not null
),

months as (
    select distinct
        cohorts.company_id, cohorts.cohort_month,
        case
            when {{ next_month_start('cohorts.cohort_month') }} > {{ to_date('company.as_of_at') }} then {{ to_date('company.as_of_at') }}
            else {{ next_month_start('cohorts.cohort_month') }}
        end as until_date
    from cohorts
    inner join {{ ref('dim_company') }} as company on cohorts.company_id = company.company_id
),

members as (
    select distinct
        months.company_id, months.cohort_month, months.until_date, people.person_key,
        case when roles.role = 'customer_contact' then 'customer' else roles.role end as audience
    from months
    inner join {{ ref('dim_person_roles') }} as roles
        on months.company_id = roles.company_id and {{ to_date('roles.valid_from') }} < months.until_date
        and (roles.valid_to is null or {{ to_date('roles.valid_to') }} >= months.until_date)
    inner join {{ ref('dim_people') }} as people on roles.company_id = people.company_id and roles.person_key = people.person_key
    where not people.is_test
),

sizes as (
    select company_id, cohort_month, audience, count(*) as people
    from members
    group by company_id, cohort_month, audience
),

started as (
    select company_id, course_id, person_key, {{ to_date('min(coalesce(started_at, completed_at))') }} as started_date
    from {{ ref('fct_enrollments') }}
    where started_at is not null or completed_at is not null
    group by company_id, course_id, person_key
),

reached as (
    select members.company_id, members.cohort_month, members.audience, started.course_id, count(*) as people
    from members
    inner join started on members.company_id = started.company_id and members.person_key = started.person_key and started.started_date < members.until_date
    group by members.company_id, members.cohort_month, members.audience, started.course_id
)

select
    cohorts.company_id, cohorts.course_id, cohorts.cohort_month, cohorts.audience,
    coalesce(sizes.people, 0) as people_in_audience,
    coalesce(reached.people, 0) as people_reached
from cohorts
left join sizes on {{ same('cohorts', 'sizes', ['company_id', 'cohort_month', 'audience']) }}
left join reached on {{ same('cohorts', 'reached', ['company_id', 'cohort_month', 'audience', 'course_id']) }}
