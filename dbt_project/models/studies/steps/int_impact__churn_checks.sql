{{ config(schema='studies') }}

{# Balance of paid seats in standard deviations, with the error chance leaves it, and defects as the number that training cannot move. #}
with seat_cells as (
    select company_id, definition, stratum, bucket, is_treated, exposure as weight, sum_log_seats as total
    from {{ ref('int_impact__churn_cells') }}
),

gaps as (
    {{ stratified_mean_gap('seat_cells', ['company_id', 'definition']) }}
),

spreads as (
    select
        company_id, definition,
        {{ safe_sqrt('sum(sum_log_seats_squared) / nullif(sum(exposure), 0) - power(sum(sum_log_seats) / nullif(sum(exposure), 0), 2)') }} as spread
    from {{ ref('int_impact__churn_cells') }}
    group by company_id, definition
),

negative_control as (
    {{ mantel_haenszel_jackknife(ref('int_impact__defect_cells'), ['company_id', 'definition']) }}
)

select
    gaps.company_id, gaps.definition,
    case when spreads.spread > 1e-9 then gaps.estimate / spreads.spread else 0 end as imbalance,
    case when spreads.spread > 1e-9 then coalesce(gaps.error / spreads.spread, 0) else 0 end as imbalance_error,
    negative_control.estimate as negative_control_estimate,
    negative_control.ci_low as negative_control_low,
    negative_control.ci_high as negative_control_high
from gaps
inner join spreads on gaps.company_id = spreads.company_id and gaps.definition = spreads.definition
left join negative_control on gaps.company_id = negative_control.company_id and gaps.definition = negative_control.definition
