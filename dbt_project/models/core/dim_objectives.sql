{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('objectives.objective_id') }} as objective_id,
    {{ to_text('objectives.objective_name') }} as objective_name,
    {{ to_count('objectives.horizon_year') }} as horizon_year,
    {{ to_text('owners.person_key') }} as owner_person_key,
    {{ to_date('objectives.valid_from') }} as valid_from
from {{ ref('stg_drops__objectives') }} as objectives
left join {{ ref('int_people__employees_known') }} as owners on objectives.owner_employee_id = owners.employee_id
cross join {{ ref('stg_company__settings') }} as company
