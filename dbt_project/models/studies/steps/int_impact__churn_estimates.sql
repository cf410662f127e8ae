{{ config(schema='studies') }}

{# One row per company and definition of trained: the person-time rate ratio with everything that decides how it may be told. #}
with ratios as (
    {{ mantel_haenszel_rate_ratio(ref('int_impact__churn_cells'), ['company_id', 'definition']) }}
),

clustered as (
    {{ mantel_haenszel_jackknife(ref('int_impact__churn_cells'), ['company_id', 'definition']) }}
),

units as (
    select
        company_id, definition,
        count(distinct case when is_treated = 1 then account_id end) as n_treated,
        count(distinct case when is_treated = 0 then account_id end) as n_control,
        count(distinct case when is_treated = 1 then bucket end) as clusters_treated,
        count(distinct case when is_treated = 0 then bucket end) as clusters_control
    from {{ ref('int_impact__trained_periods') }}
    where exposure > 0
    group by company_id, definition
),

joined as (
    select
        ratios.company_id, ratios.definition, ratios.estimate,
        case when ratios.definition = 'owner' then clustered.ci_low else ratios.ci_low end as ci_low,
        case when ratios.definition = 'owner' then clustered.ci_high else ratios.ci_high end as ci_high,
        case when ratios.definition = 'owner' then clustered.log_error else ratios.log_error end as log_error,
        case when ratios.definition = 'owner' then clustered.buckets - 1 end as df,
        naive.estimate as naive_estimate, naive.ci_low as naive_ci_low, naive.ci_high as naive_ci_high,
        units.n_treated, units.n_control, naive.n_units,
        ratios.events_treated + ratios.events_control as n_events,
        ratios.strata_used, ratios.overlap_share, ratios.exposure_treated + ratios.exposure_control as exposure,
        checks.imbalance, checks.imbalance_error, checks.negative_control_estimate, checks.negative_control_low, checks.negative_control_high,
        absolute.per_100, absolute.per_100_low, absolute.per_100_high,
        units.n_treated >= 50 and units.n_control >= 50
        and ratios.events_treated >= 10 and ratios.events_control >= 10
        and units.clusters_treated >= 6 and units.clusters_control >= 6
        and (ratios.strata_used >= 5 or ratios.overlap_share >= 0.6) as is_enough
    from ratios
    inner join clustered on ratios.company_id = clustered.company_id and ratios.definition = clustered.definition
    inner join units on ratios.company_id = units.company_id and ratios.definition = units.definition
    inner join {{ ref('int_impact__churn_naive') }} as naive on ratios.company_id = naive.company_id and ratios.definition = naive.definition
    left join {{ ref('int_impact__churn_checks') }} as checks on ratios.company_id = checks.company_id and ratios.definition = checks.definition
    left join {{ ref('int_impact__churn_absolute') }} as absolute on ratios.company_id = absolute.company_id and ratios.definition = absolute.definition
)

select
    joined.*,
    case when is_enough and ci_low is not null then 'reads' else 'too_few' end as state,
    {{ names_of_true([
        ('overlap', 'coalesce(overlap_share, 0) < 0.6'),
        ('balance', 'abs(coalesce(imbalance, 0)) > 0.1 and abs(coalesce(imbalance, 0)) > ' ~ z975() ~ ' * coalesce(imbalance_error, 0)'),
        ('negative_control', 'coalesce(' ~ leaves_out(1, 'negative_control_low', 'negative_control_high') ~ ', false)'),
    ]) }} as failed_checks,
    case when negative_control_estimate is null then 'negative_control' else '' end as untested_checks
from joined
