{# One row per customer account that started while we observed it: days to first value, and whether the onboarding path was on offer at its contract
   start. What counts is the offer, by the roll-out date, not who took it up: those who take it up are others. #}
with offers as (
    select company_id, min(launch_date) as launch_date
    from {{ ref('dim_programs') }}
    where audience = 'customer' or audience like 'customer%'
    group by company_id
),

trained as (
    select company_id, account_id, min(first_trained_at) as first_trained_at
    from {{ ref('fct_account_months') }}
    group by company_id, account_id
)

select
    accounts.company_id, accounts.account_id, {{ quarter_start('accounts.contract_start_date') }} as start_quarter,
    accounts.segment || '/' || accounts.plan || '/' || accounts.early_health_band as stratum,
    {{ one_if('coalesce(accounts.contract_start_date >= offers.launch_date, false)') }} as is_treated,
    {{ one_if('trained.first_trained_at is not null and (accounts.first_value_at is null or trained.first_trained_at < accounts.first_value_at)') }} as took_it,
    case when accounts.first_value_at is not null then 'event' when accounts.churned_at is not null then 'competing' else 'censored' end as outcome,
    {{ days_between('accounts.contract_start_date', 'coalesce(accounts.first_value_at, accounts.churned_at, company.as_of_at)') }} as t,
    {{ days_between('accounts.contract_start_date', 'company.as_of_at') }} as days_observed
from {{ ref('dim_accounts') }} as accounts
inner join {{ ref('dim_company') }} as company on accounts.company_id = company.company_id
left join offers on accounts.company_id = offers.company_id
left join trained on accounts.company_id = trained.company_id and accounts.account_id = trained.account_id
where not accounts.is_test and accounts.contract_start_date >= {{ to_date('company.observed_from_at') }}
    and accounts.contract_start_date <= {{ to_date('company.as_of_at') }}
