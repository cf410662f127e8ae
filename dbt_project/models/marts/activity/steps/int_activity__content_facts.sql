{{ config(schema='restricted', contract={'enforced': false}) }}

{# Long: one row per fact about a course in a quarter and the person it is about; the amount is minutes, 0 or 1, or a score from 0 to 1.
   A reaction to a program counts for each of its courses: nobody was asked about them one by one. #}
with subjects as (
    select company_id, course_code as subject_code, course_id from {{ ref('dim_courses') }} where course_code is not null
    union
    select company_id, program_code, course_id from {{ ref('bridge_program_courses') }}
)

select
    enrollments.company_id, enrollments.course_id, {{ quarter_start('enrollments.completed_at') }} as quarter_start,
    enrollments.person_key as person,
    'actual_minutes' as measure, enrollments.minutes_spent as amount
from {{ ref('fct_enrollments') }} as enrollments
where enrollments.is_verified_completion and enrollments.completed_at is not null and enrollments.minutes_spent > 0
union all
select company_id, course_id, {{ quarter_start('attempted_at') }}, person_key, 'first_try_pass_rate', {{ to_double(one_if('is_passed')) }}
from (
    select
        company_id, course_id, person_key, attempted_at, is_passed,
        row_number() over (partition by company_id, course_id, person_key order by attempted_at, enrollment_id) as attempt
    from {{ ref('fct_assessment_attempts') }}
    where person_key is not null and attempted_at is not null
) as attempts
where attempt = 1
union all
select
    answers.company_id, subjects.course_id, {{ quarter_start('answers.answered_at') }},
    coalesce(answers.person_key, answers.response_id), 'reaction',
    {{ ratio('answers.score - 1', 'answers.maximum_score - 1') }}
from {{ ref('fct_survey_responses') }} as answers
inner join subjects on answers.company_id = subjects.company_id and answers.subject_code = subjects.subject_code
where answers.instrument = 'reaction' and answers.item_code = 'overall'
