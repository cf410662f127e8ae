{{ config(schema='studies') }}

{# What the ratio means for 100 such accounts in a year: each stratum's untrained yearly risk, over the accounts compared (overlap weights). #}
with strata as (
    select
        company_id, definition, stratum, is_chance,
        sum(case when is_treated = 1 then exposure else 0 end) as t1,
        sum(case when is_treated = 0 then exposure else 0 end) as t0,
        sum(case when is_treated = 0 then events else 0 end) as c
    from {{ ref('int_impact__churn_cells') }}
    group by company_id, definition, stratum, is_chance
),

weighted as (
    select
        company_id, definition, stratum, is_chance, c / t0 as untrained_rate,
        case when is_chance then 1 else {{ ratio(1, 12) }} end * t1 * t0 / (t1 + t0) as weight
    from strata
    where t1 > 0 and t0 > 0
),

ratios as (
    {{ mantel_haenszel_rate_ratio(ref('int_impact__churn_cells'), ['company_id', 'definition']) }}
)

select
    weighted.company_id, weighted.definition,
    {% for name, ratio_column in [('per_100', 'estimate'), ('per_100_low', 'ci_high'), ('per_100_high', 'ci_low')] %}
    100 * sum(weight * case
        when is_chance then untrained_rate - least(untrained_rate * ratios.{{ ratio_column }}, 1)
        else exp(-12 * untrained_rate * ratios.{{ ratio_column }}) - exp(-12 * untrained_rate)
    end) / nullif(sum(weight), 0) as {{ name }}{% if not loop.last %},{% endif %}
    {% endfor %}
from weighted
inner join ratios on weighted.company_id = ratios.company_id and weighted.definition = ratios.definition
group by weighted.company_id, weighted.definition
