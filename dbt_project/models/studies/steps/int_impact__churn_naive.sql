{{ config(schema='studies') }}

{# The plain comparison everybody makes first: accounts ever trained against accounts never trained, all their months, nothing adjusted. #}
with ever as (
    select
        company_id, definition, account_id, max(is_trained) as is_treated,
        {{ to_double('sum(case when is_churned then 1 else 0 end)') }} as events,
        sum(exposure_months) as exposure
    from {{ ref('int_impact__trained_periods') }}
    group by company_id, definition, account_id
),

units as (
    select company_id, definition, count(distinct account_id) as n_units, sum(events) as n_events from ever group by company_id, definition
),

ratio as (
    {{ crude_rate_ratio('ever', ['company_id', 'definition']) }}
)

select units.company_id, units.definition, units.n_units, units.n_events, ratio.estimate, ratio.ci_low, ratio.ci_high
from units
inner join ratio on units.company_id = ratio.company_id and units.definition = ratio.definition
