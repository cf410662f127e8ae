{{ config(schema='restricted') }}

select
    enrollments.company_id,
    enrollments.enrollment_id,
    enrollments.person_key,
    enrollments.course_id,
    {{ to_count('null') }} as attempt_number,
    enrollments.score,
    {{ to_flag('enrollments.score >= company.competent_minimum_score') }} as is_passed,
    {{ to_timestamp('coalesce(enrollments.completed_at, enrollments.started_at, enrollments.enrolled_at)') }} as attempted_at
from {{ ref('fct_enrollments') }} as enrollments
inner join {{ ref('stg_company__settings') }} as company on enrollments.company_id = company.company_id
where enrollments.score is not null
