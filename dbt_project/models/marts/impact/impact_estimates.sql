{# What the estimate task published, in the words of the registry; the numbers are those of the last registered look. #}
select
    estimates.company_id, estimates.study_id, estimates.question, estimates.variant, estimates.outcome, estimates.horizon_days,
    estimates.method, estimates.design, estimates.is_headline, estimates.is_exploratory, estimates.look_date, estimates.next_look_date,
    estimates.looked_at, estimates.unit, estimates.estimate, estimates.ci_low, estimates.ci_high, estimates.ci_kind, estimates.reading,
    estimates.naive_estimate, estimates.naive_ci_low, estimates.naive_ci_high,
    estimates.p_value, estimates.p_adjusted, estimates.adjustment, estimates.q_value, estimates.shrunken_estimate,
    estimates.n_treated, estimates.n_control, estimates.n_units, estimates.n_events, estimates.n_dropped,
    estimates.overlap_share, estimates.imbalance, estimates.missing_gap,
    estimates.negative_control_estimate, estimates.negative_control_low, estimates.negative_control_high,
    estimates.hazard_ratio, estimates.hazard_ratio_low, estimates.hazard_ratio_high, estimates.hedges_g,
    estimates.e_value, estimates.e_value_of_interval, estimates.failed_checks, estimates.untested_checks,
    estimates.state, estimates.tier, estimates.withheld_reason,
    studies.min_effect_that_matters as minimum_effect, studies.registered_at, estimates.owner, estimates.definition_hash, company.as_of_at
from {{ ref('stg_estimates__current') }} as estimates
inner join {{ ref('impact_studies') }} as studies on estimates.study_id = studies.study_id
inner join {{ ref('dim_company') }} as company on estimates.company_id = company.company_id
