{{ config(schema='intermediate', contract={'enforced': false}) }}

{# One row per pilot: sizes of the arms, whether the draw looks like one, how alike the arms were before, who dropped out, and who was coached. #}
with facts as (
    select
        coaching.company_id, coaching.pilot_id, min(coaching.assigned_at) as assigned_at,
        sum(coaching.is_treated) as teams_treated, sum(1 - coaching.is_treated) as teams_control,
        sum(case when coaching.is_treated = 1 then coaching.people else 0 end) as people_treated,
        sum(case when coaching.is_treated = 0 then coaching.people else 0 end) as people_control,
        sum(case when coaching.is_treated = 1 then coaching.people_left else 0 end) as left_treated,
        sum(case when coaching.is_treated = 0 then coaching.people_left else 0 end) as left_control,
        sum(case when coaching.is_treated = 0 and coaching.topic_events > 0 then 1 else 0 end) as control_coached,
        sum(case when coaching.is_treated = 1 and coaching.topic_events >= company.coaching_threshold then 1 else 0 end) as treated_coached
    from {{ ref('int_impact__pilot_coaching') }} as coaching
    inner join {{ ref('dim_company') }} as company on coaching.company_id = company.company_id
    group by coaching.company_id, coaching.pilot_id
),

baseline as (
    select
        company_id, pilot_id,
        avg(case when is_treated = 1 then x end) - avg(case when is_treated = 0 then x end) as gap,
        {{ safe_sqrt('(var_samp(case when is_treated = 1 then x end) + var_samp(case when is_treated = 0 then x end)) / 2') }} as spread,
        avg(case when is_treated = 1 then case when y is null then 1.0 else 0.0 end end)
        - avg(case when is_treated = 0 then case when y is null then 1.0 else 0.0 end end) as missing_gap,
        min(case when is_randomized then 1 else 0 end) as is_randomized, max(due_at) as due_at,
        min(case when is_due then 1 else 0 end) as is_due
    from {{ ref('int_impact__pilot_teams') }}
    where is_primary
    group by company_id, pilot_id
),

detectable as (
    select estimates.company_id, estimates.pilot_id, max(estimates.detectable_effect) as detectable_effect
    from {{ ref('int_impact__pilot_estimates') }} as estimates
    inner join {{ ref('dim_company_pilots') }} as pilots
        on estimates.company_id = pilots.company_id and estimates.pilot_id = pilots.pilot_id and estimates.outcome = pilots.outcome
        and estimates.horizon_days = pilots.horizon_days
    where pilots.is_primary
    group by estimates.company_id, estimates.pilot_id
)

select
    facts.*, baseline.missing_gap, baseline.is_randomized, baseline.due_at, baseline.is_due, detectable.detectable_effect,
    case when baseline.spread > 1e-9 then baseline.gap / baseline.spread else 0 end as imbalance,
    power({{ to_double('facts.teams_treated - facts.teams_control') }}, 2) / nullif(facts.teams_treated + facts.teams_control, 0) as draw_chi2
from facts
left join baseline on facts.company_id = baseline.company_id and facts.pilot_id = baseline.pilot_id
left join detectable on facts.company_id = detectable.company_id and facts.pilot_id = detectable.pilot_id
