{# Leaving by learning, one row per gap; the registered one is a gap of three months. The curve over gaps must have come to rest by then. #}
with later as (
    select company_id, estimate from {{ ref('int_impact__turnover_estimates') }} where variant = 'gap_5' and estimate is not null
)

select
    {{ study_row({
        'company_id': 'estimates.company_id', 'study_id': "'turnover_by_learning'", 'variant': 'variant', 'outcome': "'voluntary_leaving'",
        'horizon_days': '365', 'method': "'lagged_exposure'", 'is_headline': "variant = 'gap_3'", 'scale': "'ratio'",
        'theta': safe_ln('estimates.estimate'), 'error': 'log_error',
        'naive_estimate': 'naive_estimate', 'naive_ci_low': 'naive_ci_low', 'naive_ci_high': 'naive_ci_high',
        'n_treated': 'n_treated', 'n_control': 'n_control', 'n_units': 'n_units', 'n_events': 'n_events', 'overlap_share': 'overlap_share',
        'failed_checks': "substring(case when failed_checks <> '' then ',' || failed_checks else '' end
            || case when variant = 'gap_3' and coalesce(" ~ leaves_out('later.estimate', 'ci_low', 'ci_high') ~ ", false) then ',lag_curve' else '' end, 2)",
        'untested_checks': "'negative_control'", 'is_randomized': 'false', 'best_tier': "'associated'",
        'outcomes_from': to_date('company.observed_from_at'), 'state': 'state',
        'withheld_reason': "case when state <> 'reads' then 'fewer than 50 people or 10 leavers on one side' end",
    }) }}
from {{ ref('int_impact__turnover_estimates') }} as estimates
inner join {{ ref('dim_company') }} as company on estimates.company_id = company.company_id
left join later on estimates.company_id = later.company_id
