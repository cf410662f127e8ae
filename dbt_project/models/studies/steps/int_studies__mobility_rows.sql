{# A move inside within a year, gap closed against gap open half a year after it was measured; each person counts at the first quarter that is due. #}
with due as (
    select
        company_id, person_key, department, is_closed, outcome, t,
        row_number() over (partition by company_id, person_key order by quarter_start) as position
    from {{ ref('int_impact__mobility_starts') }}
    where is_closed is not null and {{ add_days('quarter_start', 365) }} <= as_of_date
),

cells as (
    select
        company_id, department as stratum, is_closed as is_treated, false as is_chance,
        case when outcome = 'event' and t <= 365 then 1 else 0 end as events, 1 as exposure
    from due
    where position = 1
),

risk as (
    {{ mantel_haenszel_risk('cells', ['company_id']) }}
),

crude as (
    {{ crude_rate_ratio('cells', ['company_id']) }}
),

judged as (
    select
        risk.*, crude.estimate as naive_estimate, crude.ci_low as naive_ci_low, crude.ci_high as naive_ci_high,
        case
            when risk.units_treated >= 50 and risk.units_control >= 50 and risk.events_treated >= 10 and risk.events_control >= 10
                and risk.log_error is not null then 'reads'
            else 'too_few'
        end as state
    from risk
    left join crude on risk.company_id = crude.company_id
)

select
    {{ study_row({
        'company_id': 'judged.company_id', 'study_id': "'mobility_by_gap_closed'", 'variant': "'gap_closed'", 'outcome': "'internal_move'",
        'horizon_days': '365', 'method': "'landmark'", 'is_headline': 'true', 'scale': "'ratio'", 'theta': safe_ln('risk_ratio'), 'error': 'log_error',
        'naive_estimate': 'naive_estimate', 'naive_ci_low': 'naive_ci_low', 'naive_ci_high': 'naive_ci_high',
        'n_treated': 'units_treated', 'n_control': 'units_control', 'n_units': 'units_treated + units_control',
        'n_events': 'events_treated + events_control', 'overlap_share': 'overlap_share',
        'n_dropped': to_nearest('(units_treated + units_control) * (1 - overlap_share)'),
        'failed_checks': names_of_true([('overlap', 'coalesce(overlap_share, 0) < 0.6')]), 'untested_checks': "'negative_control'",
        'is_randomized': 'false', 'best_tier': "'associated'", 'outcomes_from': to_date('company.observed_from_at'), 'state': 'state',
        'withheld_reason': "case when state <> 'reads' then 'fewer than 50 people or 10 moves on one side' end",
    }) }}
from judged
inner join {{ ref('dim_company') }} as company on judged.company_id = company.company_id
