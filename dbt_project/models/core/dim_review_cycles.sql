select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('cycles.cycle_id') }} as cycle_id,
    {{ to_date('cycles.starts_on') }} as starts_on,
    {{ to_date('cycles.rating_date') }} as rating_date,
    {{ to_flag('cycles.is_learning_rated') }} as is_learning_rated
from {{ ref('stg_drops__review_cycles') }} as cycles
cross join {{ ref('stg_company__settings') }} as company
