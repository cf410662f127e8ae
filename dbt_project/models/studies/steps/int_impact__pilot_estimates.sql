{{ config(schema='studies') }}
{% set by = ['company_id', 'pilot_id', 'outcome', 'horizon_days'] %}

with teams as (
    select
        *, case when is_due then closed_after end as closed, case when is_due then won_after end as won,
        case when y is null then 1.0 else 0.0 end as is_missing
    from {{ ref('int_impact__pilot_teams') }}
),

{# Only teams whose whole horizon has passed are compared, as in suff_clusters. #}
due_teams as (
    select * from teams where is_due
),

team_means as (
    {{ welch('due_teams', by) }}
),

adjusted as (
    {{ cuped('due_teams', by) }}
),

{# Every deal counted as if it were its own experiment: two shares and their textbook error. #}
deals as (
    select
        company_id, pilot_id, outcome, horizon_days,
        {{ ratio('sum(case when is_treated = 1 then won end)', 'sum(case when is_treated = 1 then closed end)') }} as p1,
        {{ ratio('sum(case when is_treated = 0 then won end)', 'sum(case when is_treated = 0 then closed end)') }} as p0,
        {{ to_double('sum(case when is_treated = 1 then closed end)') }} as n1,
        {{ to_double('sum(case when is_treated = 0 then closed end)') }} as n0,
        sum(case when is_due and is_treated = 1 then 1 else 0 end) as due_treated,
        sum(case when is_due and is_treated = 0 then 1 else 0 end) as due_control,
        {{ to_double('sum(is_treated)') }} as k1,
        {{ to_double('sum(1 - is_treated)') }} as k0,
        avg(case when is_due then 1.0 else 0.0 end) as due_share,
        min(case when is_randomized then 1 else 0 end) as is_randomized,
        max(due_at) as due_at,
        max(as_of_at) as as_of_at,
        avg(case when is_due and is_treated = 1 then is_missing end) - avg(case when is_due and is_treated = 0 then is_missing end) as missing_gap,
        var_samp(x_same_length) as baseline_variance
    from teams
    group by company_id, pilot_id, outcome, horizon_days
)

select
    deals.company_id, deals.pilot_id, deals.outcome, deals.horizon_days, deals.k1, deals.k0, deals.due_treated, deals.due_control, deals.due_share,
    deals.is_randomized, deals.due_at, deals.missing_gap, deals.n1 + deals.n0 as closed_deals,
    case when adjusted.estimate is not null then 'cuped_team_means' else 'welch_team_means' end as method,
    coalesce(adjusted.estimate, team_means.estimate) as estimate,
    case when adjusted.estimate is not null then adjusted.ci_low else team_means.ci_low end as ci_low,
    case when adjusted.estimate is not null then adjusted.ci_high else team_means.ci_high end as ci_high,
    case when adjusted.estimate is not null then adjusted.error else team_means.error end as error,
    case when adjusted.estimate is not null then adjusted.n_treated + adjusted.n_control - 3 else team_means.df end as df,
    team_means.estimate as welch_estimate, team_means.ci_low as welch_ci_low, team_means.ci_high as welch_ci_high,
    team_means.n_treated, team_means.n_control,
    deals.p1 - deals.p0 as naive_estimate,
    deals.p1 - deals.p0 - {{ z975() }} * deals.textbook_error as naive_ci_low,
    deals.p1 - deals.p0 + {{ z975() }} * deals.textbook_error as naive_ci_high,
    ({{ t975('(deals.k1 + deals.k0 - 2)') }} + 0.8416212335729143)
    * {{ safe_sqrt('deals.baseline_variance * (1 / nullif(deals.k1, 0) + 1 / nullif(deals.k0, 0))') }} as detectable_effect,
    power(deals.k1 - deals.k0, 2) / nullif(deals.k1 + deals.k0, 0) as arm_ratio_chi2
from (
    select *, {{ safe_sqrt('p1 * (1 - p1) / nullif(n1, 0) + p0 * (1 - p0) / nullif(n0, 0)') }} as textbook_error
    from deals
) as deals
left join team_means
    on deals.company_id = team_means.company_id and deals.pilot_id = team_means.pilot_id and deals.outcome = team_means.outcome
    and deals.horizon_days = team_means.horizon_days
left join adjusted
    on deals.company_id = adjusted.company_id and deals.pilot_id = adjusted.pilot_id and deals.outcome = adjusted.outcome
    and deals.horizon_days = adjusted.horizon_days
