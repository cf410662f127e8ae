{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per course somebody else chose for a worker: does it teach a skill in which the worker stood below the level of the role on that day, and was it
   started within 60 days? Mandatory courses are left out: they are for everybody. #}
with assigned as (
    select
        enrollments.company_id, enrollments.enrollment_id, enrollments.person_key, enrollments.course_id,
        enrollments.enrolled_at, enrollments.started_at,
        workers.job_title, {{ add_days('enrollments.enrolled_at', 60) }} < {{ to_date('company.as_of_at') }} as is_due
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    {{ worker_at('workers', 'enrollments', 'person_key', 'enrolled_at') }}
    where enrollments.enrollment_source = 'assigned' and enrollments.status <> 'waived'
),

taught as (
    select distinct company_id, course_id, skill_code
    from {{ ref('bridge_course_skills') }}
    where course_id is not null
),

levels as (
    select
        assigned.company_id, assigned.enrollment_id, taught.skill_code, assessments.level,
        row_number() over (
            partition by assigned.company_id, assigned.enrollment_id, taught.skill_code
            order by assessments.assessed_at desc, assessments.assessment_id desc
        ) as place
    from assigned
    inner join taught on assigned.company_id = taught.company_id and assigned.course_id = taught.course_id
    inner join {{ ref('fct_skill_assessments') }} as assessments
        on assigned.company_id = assessments.company_id and assigned.person_key = assessments.person_key and taught.skill_code = assessments.skill_code
        and assessments.assessed_at <= assigned.enrolled_at and assessments.level is not null
),

needs as (
    select
        assigned.company_id, assigned.enrollment_id, required.skill_code, required.required_level,
        row_number() over (partition by assigned.company_id, assigned.enrollment_id, required.skill_code order by required.valid_from desc) as place
    from assigned
    inner join {{ ref('dim_role_skill_levels') }} as required
        on assigned.company_id = required.company_id and assigned.job_title = required.job_title
        and required.valid_from <= {{ to_date('assigned.enrolled_at') }}
),

gaps as (
    select distinct levels.company_id, levels.enrollment_id
    from levels
    inner join needs
        on levels.company_id = needs.company_id and levels.enrollment_id = needs.enrollment_id and levels.skill_code = needs.skill_code
    where levels.place = 1 and needs.place = 1 and levels.level < needs.required_level
)

select
    assigned.company_id, assigned.enrollment_id, assigned.person_key, assigned.course_id,
    {{ month_start('assigned.enrolled_at') }} as month_start, assigned.is_due,
    gaps.enrollment_id is not null as is_gap_content,
    coalesce({{ to_date('assigned.started_at') }} <= {{ add_days('assigned.enrolled_at', 60) }}, false) as is_started
from assigned
left join gaps on assigned.company_id = gaps.company_id and assigned.enrollment_id = gaps.enrollment_id
