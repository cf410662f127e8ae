with first_contracts as (
    select account_id, min(start_date) as contract_start_date
    from {{ ref('int_accounts__contracts_mapped') }}
    group by account_id
),

test_accounts as (
    select distinct accounts.account_id
    from {{ ref('int_accounts__accounts_united') }} as accounts
    inner join {{ ref('stg_company__test_rules') }} as rules
        on rules.rule = 'account_name_prefix' and {{ starts_with('accounts.account_name', 'rules.rule_value') }}
)

select
    accounts.source,
    accounts.account_id,
    accounts.segment,
    accounts.plan,
    case when accounts.early_health_band in ('low', 'mid', 'high') then accounts.early_health_band else 'unknown' end as early_health_band,
    first_contracts.contract_start_date,
    accounts.churned_at,
    accounts.first_value_at,
    accounts.website_domain,
    accounts.owner_crm_user_id,
    accounts.created_at,
    accounts.updated_at,
    test_accounts.account_id is not null as is_test
from {{ ref('int_accounts__accounts_united') }} as accounts
left join first_contracts on accounts.account_id = first_contracts.account_id
left join test_accounts on accounts.account_id = test_accounts.account_id
where accounts.master_account_id is null
