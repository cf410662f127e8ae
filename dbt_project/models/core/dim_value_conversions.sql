{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('conversions.conversion_id') }} as conversion_id,
    {{ to_text('conversions.outcome_code') }} as outcome_code,
    {{ to_text('conversions.unit') }} as unit,
    {{ to_double('conversions.amount_low') }} as amount_low,
    {{ to_double('conversions.amount_likely') }} as amount_likely,
    {{ to_double('conversions.amount_high') }} as amount_high,
    {{ to_text('conversions.currency') }} as currency,
    {{ to_text('approvers.person_key') }} as approved_by_person_key,
    {{ to_timestamp('conversions.approved_at') }} as approved_at,
    {{ to_date('conversions.valid_from') }} as valid_from
from {{ ref('stg_drops__value_conversions') }} as conversions
left join {{ ref('int_people__employees_known') }} as approvers on conversions.approved_by_employee_id = approvers.employee_id
cross join {{ ref('stg_company__settings') }} as company
