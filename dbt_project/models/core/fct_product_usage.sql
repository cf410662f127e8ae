select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('used.account_id') }} as account_id,
    {{ to_date('used.month_start') }} as month_start,
    {{ to_count('used.active_users') }} as active_users,
    {{ to_count('used.key_actions') }} as key_actions
from {{ ref('stg_drops__product_usage') }} as used
cross join {{ ref('stg_company__settings') }} as company
