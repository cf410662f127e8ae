{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('recognitions.recognition_id') }} as recognition_id,
    {{ to_text('givers.person_key') }} as from_person_key,
    {{ to_text('receivers.person_key') }} as to_person_key,
    {{ to_timestamp('recognitions.occurred_at') }} as occurred_at,
    {{ to_text('recognitions.reason_class') }} as reason_class
from {{ ref('stg_drops__recognitions') }} as recognitions
left join {{ ref('int_people__employees_known') }} as givers on recognitions.from_employee_id = givers.employee_id
left join {{ ref('int_people__employees_known') }} as receivers on recognitions.to_employee_id = receivers.employee_id
cross join {{ ref('stg_company__settings') }} as company
