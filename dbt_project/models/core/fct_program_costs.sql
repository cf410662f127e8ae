select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('costs.program_code') }} as program_code,
    {{ to_date('costs.month_start') }} as month_start,
    {{ to_text('costs.cost_type') }} as cost_type,
    {{ to_double('costs.amount') }} as amount,
    {{ to_text('costs.currency') }} as currency
from {{ ref('stg_drops__program_costs') }} as costs
cross join {{ ref('stg_company__settings') }} as company
