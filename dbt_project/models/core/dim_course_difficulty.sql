{# A course with few scores borrows from all courses of the company: as if ten more people had failed at the company's own rate. #}
with courses as (
    select
        courses.company_id,
        courses.course_id,
        count(enrollments.score) as scored,
        sum(case when enrollments.score is not null and enrollments.status = 'failed' then 1 else 0 end) as failed
    from {{ ref('dim_courses') }} as courses
    left join {{ ref('fct_enrollments') }} as enrollments
        on courses.company_id = enrollments.company_id and courses.course_id = enrollments.course_id
    group by courses.company_id, courses.course_id
),

companies as (
    select company_id, {{ ratio('sum(failed)', 'sum(scored)') }} as share_failed
    from courses
    group by company_id
)

select
    {{ to_text('courses.company_id') }} as company_id,
    {{ to_text('courses.course_id') }} as course_id,
    {{ to_count('courses.scored') }} as scored_enrollments,
    {{ to_count('courses.failed') }} as failed_enrollments,
    {{ ratio('courses.failed + 10 * companies.share_failed', 'courses.scored + 10') }} as difficulty,
    {{ to_flag('courses.scored >= 30') }} as is_measured
from courses
inner join companies on courses.company_id = companies.company_id
