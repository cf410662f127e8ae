select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('taught.course_code') }} as course_code,
    {{ to_text('taught.skill_code') }} as skill_code,
    {{ to_date('taught.valid_from') }} as valid_from,
    {{ to_text('courses.course_id') }} as course_id
from {{ ref('stg_drops__course_skills') }} as taught
left join {{ ref('int_learning__course_codes_known') }} as courses on taught.course_code = courses.course_code
cross join {{ ref('stg_company__settings') }} as company
