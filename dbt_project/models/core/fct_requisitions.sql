{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('requisitions.requisition_id') }} as requisition_id,
    {{ to_text('requisitions.job_title') }} as job_title,
    {{ to_text('requisitions.department') }} as department,
    {{ to_timestamp('requisitions.opened_at') }} as opened_at,
    {{ to_timestamp('requisitions.filled_at') }} as filled_at,
    {{ to_text('requisitions.fill_type') }} as fill_type,
    {{ to_text('hires.person_key') }} as filled_by_person_key
from {{ ref('stg_drops__requisitions') }} as requisitions
left join {{ ref('int_people__employees_known') }} as hires on requisitions.filled_by_employee_id = hires.employee_id
cross join {{ ref('stg_company__settings') }} as company
