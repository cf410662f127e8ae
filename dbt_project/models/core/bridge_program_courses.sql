with matches as (
    select
        programs.company_id,
        programs.program_code,
        courses.course_id,
        row_number() over (
            partition by courses.company_id, courses.course_id order by length(programs.program_code) desc, programs.program_code
        ) as closeness
    from {{ ref('dim_programs') }} as programs
    inner join {{ ref('dim_courses') }} as courses
        on programs.company_id = courses.company_id
        and (courses.course_code = programs.program_code or {{ starts_with('courses.course_code', "programs.program_code || '-'") }})
)

select
    {{ to_text('company_id') }} as company_id,
    {{ to_text('program_code') }} as program_code,
    {{ to_text('course_id') }} as course_id
from matches
where closeness = 1
