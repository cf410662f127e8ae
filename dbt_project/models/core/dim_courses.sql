select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('courses.course_id') }} as course_id,
    {{ to_text('courses.course_code') }} as course_code,
    {{ to_text('courses.course_name') }} as course_name,
    {{ to_text("case when courses.is_customer_education then 'customer' else 'employee' end") }} as audience,
    {{ to_flag('courses.is_mandatory') }} as is_mandatory,
    {{ to_flag('courses.is_certificate') }} as is_certificate,
    {{ to_text('courses.ticket_category') }} as ticket_category,
    {{ to_flag('courses.is_owner_training') }} as is_owner_training,
    {{ to_text('courses.role_title') }} as role_title,
    {{ to_double('courses.estimated_minutes') }} as estimated_minutes
from {{ ref('int_learning__courses_classified') }} as courses
cross join {{ ref('stg_company__settings') }} as company
