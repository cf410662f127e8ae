{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('framings.framing_id') }} as framing_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_text('framings.course_code') }} as course_code,
    {{ to_text('framings.assigned_by') }} as assigned_by,
    {{ to_text('framings.framing') }} as framing,
    {{ to_timestamp('framings.sent_at') }} as sent_at,
    {{ to_count('framings.reinforcements_sent') }} as reinforcements_sent,
    {{ to_count('framings.reinforcements_acted') }} as reinforcements_acted,
    {{ to_text('courses.course_id') }} as course_id
from {{ ref('stg_drops__assignment_framings') }} as framings
left join {{ ref('int_people__employees_known') }} as people on framings.employee_id = people.employee_id
left join {{ ref('int_learning__course_codes_known') }} as courses on framings.course_code = courses.course_code
cross join {{ ref('stg_company__settings') }} as company
