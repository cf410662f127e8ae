{{ config(schema='restricted') }}

{# Where the platform tells attempts one by one, each is a row; elsewhere the enrollment has one score. #}
select
    enrollments.company_id,
    {{ to_text('coalesce(attempts.attempt_id, enrollments.enrollment_id)') }} as attempt_id,
    enrollments.enrollment_id,
    enrollments.person_key,
    enrollments.course_id,
    {{ to_count('attempts.attempt_number') }} as attempt_number,
    {{ to_double('coalesce(attempts.score, enrollments.score)') }} as score,
    {{ to_flag('coalesce(attempts.score, enrollments.score) >= company.competent_minimum_score') }} as is_passed,
    {{ to_timestamp('coalesce(attempts.attempted_at, enrollments.completed_at, enrollments.started_at, enrollments.enrolled_at)') }} as attempted_at
from {{ ref('fct_enrollments') }} as enrollments
inner join {{ ref('stg_company__settings') }} as company on enrollments.company_id = company.company_id
left join {{ ref('int_learning__attempts_united') }} as attempts on enrollments.enrollment_id = attempts.enrollment_id
where coalesce(attempts.score, enrollments.score) is not null
