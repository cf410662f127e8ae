select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('accounts.account_id') }} as account_id,
    {{ to_text('accounts.segment') }} as segment,
    {{ to_text('accounts.plan') }} as plan,
    {{ to_text('accounts.early_health_band') }} as early_health_band,
    {{ to_date('accounts.contract_start_date') }} as contract_start_date,
    {{ to_timestamp('accounts.churned_at') }} as churned_at,
    {{ to_timestamp('accounts.first_value_at') }} as first_value_at,
    {{ to_flag('accounts.is_test') }} as is_test
from {{ ref('int_accounts__accounts_described') }} as accounts
cross join {{ ref('stg_company__settings') }} as company
