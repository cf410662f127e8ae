{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('targets.metric_id') }} as metric_id,
    {{ to_date('targets.period_start') }} as period_start,
    {{ to_text('targets.unit') }} as unit,
    {{ to_double('targets.target') }} as target,
    {{ to_text('sponsors.person_key') }} as sponsor_person_key,
    {{ to_timestamp('targets.approved_at') }} as approved_at
from {{ ref('stg_drops__metric_targets') }} as targets
left join {{ ref('int_people__employees_known') }} as sponsors on targets.sponsor_employee_id = sponsors.employee_id
cross join {{ ref('stg_company__settings') }} as company
