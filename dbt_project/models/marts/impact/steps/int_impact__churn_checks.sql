{{ config(schema='intermediate', contract={'enforced': false}) }}

with by_arm as (
    select
        company_id, definition, stratum, is_treated,
        sum(exposure) as exposure, sum(sum_log_seats) as total, sum(sum_log_seats_squared) as total_squared
    from {{ ref('int_impact__churn_cells') }}
    group by company_id, definition, stratum, is_treated
),

pairs as (
    select
        company_id, definition, stratum,
        sum(case when is_treated = 1 then exposure end) as t1,
        sum(case when is_treated = 0 then exposure end) as t0,
        sum(case when is_treated = 1 then total end) as s1,
        sum(case when is_treated = 0 then total end) as s0,
        sum(total_squared) as squares
    from by_arm
    group by company_id, definition, stratum
),

balance as (
    select
        company_id, definition,
        sum(case when t1 > 0 and t0 > 0 then t1 * t0 / (t1 + t0) * (s1 / t1 - s0 / t0) end)
        / nullif(sum(case when t1 > 0 and t0 > 0 then t1 * t0 / (t1 + t0) end), 0) as weighted_gap,
        {{ safe_sqrt('sum(squares) / nullif(sum(coalesce(t1, 0) + coalesce(t0, 0)), 0)
            - power(sum(coalesce(s1, 0) + coalesce(s0, 0)) / nullif(sum(coalesce(t1, 0) + coalesce(t0, 0)), 0), 2)') }} as spread
    from pairs
    group by company_id, definition
),

negative_control as (
    {{ mantel_haenszel_jackknife(ref('int_impact__defect_cells'), ['company_id', 'definition']) }}
)

select
    balance.company_id, balance.definition,
    case when spread > 1e-9 then weighted_gap / spread else 0 end as imbalance,
    negative_control.estimate as negative_control_estimate,
    negative_control.ci_low as negative_control_low,
    negative_control.ci_high as negative_control_high
from balance
left join negative_control
    on balance.company_id = negative_control.company_id and balance.definition = negative_control.definition
