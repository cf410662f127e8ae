{# How much sooner accounts reach first value that were offered the path: ratio of rates over risk sets of the same stratum and day. #}
with sets as (
    select company_id, stratum || '/' || cast(t as {{ type_text() }}) as stratum, is_treated, events, at_risk as exposure, true as is_chance
    from {{ ref('int_impact__first_value_sets') }}
),

hazards as (
    {{ mantel_haenszel_rate_ratio('sets', ['company_id']) }}
),

takers as (
    select
        company_id, took_it as is_treated, {{ to_double("sum(case when outcome = 'event' then 1 else 0 end)") }} as events,
        {{ to_double('sum(t)') }} as exposure
    from {{ ref('int_impact__first_value_units') }}
    where t >= 0
    group by company_id, took_it
),

naive as (
    {{ crude_rate_ratio('takers', ['company_id']) }}
),

arms as (
    select
        company_id, sum(is_treated) as n_treated, sum(1 - is_treated) as n_control,
        sum(case when outcome = 'event' then 1 else 0 end) as n_events
    from {{ ref('int_impact__first_value_units') }}
    group by company_id
),

judged as (
    select
        hazards.*, arms.n_treated, arms.n_control, arms.n_events,
        naive.estimate as naive_estimate, naive.ci_low as naive_ci_low, naive.ci_high as naive_ci_high,
        case
            when arms.n_treated >= 50 and arms.n_control >= 50 and hazards.events_treated >= 10 and hazards.events_control >= 10
                and hazards.ci_low is not null then 'reads'
            else 'too_few'
        end as state
    from hazards
    inner join arms on hazards.company_id = arms.company_id
    left join naive on hazards.company_id = naive.company_id
)

select
    {{ study_row({
        'company_id': 'judged.company_id', 'study_id': "'first_value_path'", 'variant': "'path'", 'outcome': "'first_value'", 'horizon_days': '90',
        'method': "'offered_risk_sets'", 'is_headline': 'true', 'scale': "'ratio'", 'theta': safe_ln('judged.estimate'), 'error': 'log_error',
        'naive_estimate': 'naive_estimate', 'naive_ci_low': 'naive_ci_low', 'naive_ci_high': 'naive_ci_high',
        'n_treated': 'n_treated', 'n_control': 'n_control', 'n_units': 'n_treated + n_control', 'n_events': 'n_events',
        'overlap_share': 'overlap_share', 'failed_checks': "''", 'untested_checks': "'negative_control,calendar_time'", 'is_randomized': 'false',
        'best_tier': "'associated'", 'outcomes_from': to_date('company.observed_from_at'), 'state': 'state',
        'withheld_reason': "case when state <> 'reads' then 'fewer than 50 accounts or 10 first values on one side' end",
    }) }}
from judged
inner join {{ ref('dim_company') }} as company on judged.company_id = company.company_id
