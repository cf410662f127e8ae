{# The course behind a course code, for files that speak in codes. A code that two courses carry names none of them. #}
select course_code, min(course_id) as course_id
from {{ ref('int_learning__courses_classified') }}
where course_code is not null
group by course_code
having count(distinct course_id) = 1
