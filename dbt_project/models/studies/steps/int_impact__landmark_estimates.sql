{{ config(schema='studies') }}

with risk as (
    {{ mantel_haenszel_risk(ref('int_impact__landmark_units'), ['company_id', 'definition', 'landmark_days']) }}
),

crude as (
    {{ crude_rate_ratio(ref('int_impact__landmark_units'), ['company_id', 'definition', 'landmark_days']) }}
)

select
    risk.company_id, risk.definition, risk.landmark_days,
    risk.risk_ratio as estimate, risk.risk_ratio_low as ci_low, risk.risk_ratio_high as ci_high,
    risk.log_error, crude.estimate as naive_estimate, crude.ci_low as naive_ci_low, crude.ci_high as naive_ci_high,
    risk.units_treated as n_treated, risk.units_control as n_control, risk.events_treated + risk.events_control as n_events,
    risk.overlap_share,
    case
        when risk.units_treated >= 50 and risk.units_control >= 50 and risk.events_treated >= 10 and risk.events_control >= 10
            and (risk.strata_used >= 5 or risk.overlap_share >= 0.6) and risk.risk_ratio_low is not null then 'reads'
        else 'too_few'
    end as state,
    {{ names_of_true([('overlap', 'coalesce(risk.overlap_share, 0) < 0.6')]) }} as failed_checks
from risk
inner join crude
    on risk.company_id = crude.company_id and risk.definition = crude.definition and risk.landmark_days = crude.landmark_days
