{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('programs.program_code') }} as program_code,
    {{ to_text('programs.program_name') }} as program_name,
    {{ to_date('programs.launch_date') }} as launch_date,
    {{ to_text('programs.modality') }} as modality,
    {{ to_text('programs.audience') }} as audience,
    {{ to_text('sponsors.person_key') }} as sponsor_person_key,
    {{ to_text('owners.person_key') }} as owner_person_key,
    {{ to_text('programs.objective_id') }} as objective_id,
    {{ to_double('programs.planned_reach_share') }} as planned_reach_share
from {{ ref('stg_drops__programs') }} as programs
left join {{ ref('int_people__employees_known') }} as sponsors on programs.sponsor_employee_id = sponsors.employee_id
left join {{ ref('int_people__employees_known') }} as owners on programs.owner_employee_id = owners.employee_id
cross join {{ ref('stg_company__settings') }} as company
