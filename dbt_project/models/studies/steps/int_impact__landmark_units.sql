{{ config(schema='studies') }}

{# One row per account still a customer `landmark_days` after contract start, observed from its start, whose horizon has passed. #}
with adopted as (
    select
        company_id, account_id, segment, plan, early_health_band,
        min(first_trained_at) as any_at,
        min(case when is_trained_share then month_start end) as share_at,
        min(case when is_trained_certified then month_start end) as certified_at
    from {{ ref('fct_account_months') }}
    group by company_id, account_id, segment, plan, early_health_band
),

accounts as (
    select
        adopted.*, account.contract_start_date, account.churned_at, company.churn_horizon_days, company.as_of_at,
        {{ days_between('account.contract_start_date', 'account.churned_at') }} as days_to_churn
    from adopted
    inner join {{ ref('dim_accounts') }} as account on adopted.company_id = account.company_id and adopted.account_id = account.account_id
    inner join {{ ref('dim_company') }} as company on adopted.company_id = company.company_id
    where account.contract_start_date >= {{ to_date('company.observed_from_at') }} and not account.is_test
)

{% for landmark in [30, 60, 90] %}
{% for definition in ['any', 'share', 'certified'] %}
select
    company_id, '{{ definition }}' as definition, {{ landmark }} as landmark_days, account_id,
    segment || '/' || plan || '/' || early_health_band as stratum,
    case when {{ to_date(definition ~ '_at') }} <= {{ add_days('contract_start_date', landmark) }} then 1 else 0 end as is_treated,
    case when days_to_churn <= {{ landmark }} + churn_horizon_days then 1 else 0 end as events,
    1 as exposure,
    false as is_chance
from accounts
where (days_to_churn is null or days_to_churn > {{ landmark }})
    and {{ add_days('contract_start_date', landmark ~ ' + churn_horizon_days') }} <= {{ to_date('as_of_at') }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
{% if not loop.last %}union all{% endif %}
{% endfor %}
