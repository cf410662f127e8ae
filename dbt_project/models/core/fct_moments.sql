{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('moments.moment_id') }} as moment_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_timestamp('moments.occurred_at') }} as occurred_at,
    {{ to_text('moments.trigger_type') }} as trigger_type,
    {{ to_text('moments.course_code') }} as course_code,
    {{ to_timestamp('moments.opened_at') }} as opened_at
from {{ ref('stg_drops__moments') }} as moments
left join {{ ref('int_people__employees_known') }} as people on moments.employee_id = people.employee_id
cross join {{ ref('stg_company__settings') }} as company
