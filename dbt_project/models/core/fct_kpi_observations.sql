{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('observations.unit_type') }} as unit_type,
    {{ to_text('observations.unit_id') }} as unit_id,
    {{ to_text('observations.kpi_code') }} as kpi_code,
    {{ to_date('observations.period_start') }} as period_start,
    {{ to_double('observations.value') }} as value,
    {{ to_text('observations.direction') }} as direction,
    {{ to_text('people.person_key') }} as unit_person_key
from {{ ref('stg_drops__kpi_observations') }} as observations
left join {{ ref('int_people__employees_known') }} as people
    on observations.unit_type in ('person', 'team') and observations.unit_id = people.employee_id
cross join {{ ref('stg_company__settings') }} as company
