{# One row per month in which an account was a customer for some time between the start of observation and now. #}
with numbers as (
    {{ whole_numbers(600) }}
),

company as (
    select * from {{ ref('stg_company__settings') }}
),

lives as (
    select
        accounts.*,
        company.company_id,
        company.as_of_at,
        company.exposure_lead_days,
        company.observed_from_at,
        greatest({{ to_timestamp('accounts.contract_start_date') }}, company.observed_from_at) as observed_at,
        {{ to_timestamp('accounts.contract_start_date') }} as started_at
    from {{ ref('int_accounts__accounts_described') }} as accounts
    cross join company
    where not accounts.is_test and accounts.contract_start_date is not null
),

months as (
    select
        lives.*,
        {{ add_months(month_start('lives.observed_at'), 'numbers.n') }} as month_start
    from lives
    cross join numbers
    where lives.observed_at < lives.as_of_at
        and {{ add_months(month_start('lives.observed_at'), 'numbers.n') }} < lives.as_of_at
        and (
            lives.churned_at is null
            or (lives.churned_at >= lives.observed_at and {{ add_months(month_start('lives.observed_at'), 'numbers.n') }} <= lives.churned_at)
        )
),

anniversaries as (
    select
        months.*,
        {{ next_month_start('month_start') }} as next_month_start,
        greatest({{ whole_months_between('contract_start_date', 'month_start') }}, 0) as age_months,
        cast(extract(year from month_start) - extract(year from contract_start_date) as integer) as years,
        extract(month from month_start) = extract(month from contract_start_date) as is_anniversary_month
    from months
)

select
    company_id,
    account_id,
    month_start,
    next_month_start,
    segment,
    plan,
    early_health_band,
    churned_at,
    age_months,
    greatest({{ to_timestamp('month_start') }}, observed_at) as active_from,
    least({{ to_timestamp('next_month_start') }}, as_of_at, churned_at) as active_to,
    case when plan = 'annual' and is_anniversary_month and years >= 1 then {{ add_months('contract_start_date', 'years * 12') }} end as renewal_date,
    exposure_lead_days,
    observed_from_at,
    as_of_at
from anniversaries
