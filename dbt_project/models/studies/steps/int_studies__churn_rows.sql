{# Leaving of customers, three definitions of trained and owner training. What a study needs beyond its ratio stands in int_impact__churn_estimates. #}
select
    {{ study_row({
        'company_id': 'estimates.company_id',
        'study_id': "case when definition = 'owner' then 'account_owner_training' else 'customer_education_churn' end",
        'variant': 'definition', 'outcome': "'churn'", 'horizon_days': 'company.churn_horizon_days', 'method': "'person_time'",
        'is_headline': "definition in ('any', 'owner')", 'scale': "'ratio'", 'theta': safe_ln('estimate'), 'error': 'log_error', 'df': 'df',
        'naive_estimate': 'naive_estimate', 'naive_ci_low': 'naive_ci_low', 'naive_ci_high': 'naive_ci_high',
        'n_treated': 'n_treated', 'n_control': 'n_control', 'n_units': 'n_units', 'n_events': 'n_events',
        'overlap_share': 'overlap_share', 'imbalance': 'imbalance', 'negative_control_estimate': 'negative_control_estimate',
        'negative_control_low': 'negative_control_low', 'negative_control_high': 'negative_control_high',
        'failed_checks': 'failed_checks', 'untested_checks': 'untested_checks', 'is_randomized': 'false', 'best_tier': "'associated'",
        'outcomes_from': to_date('company.observed_from_at'), 'state': 'state',
        'withheld_reason': "case when state <> 'reads' then 'fewer than 50 accounts, 10 leavers or 6 clusters on one side' end",
    }) }}
from {{ ref('int_impact__churn_estimates') }} as estimates
inner join {{ ref('dim_company') }} as company on estimates.company_id = company.company_id
union all
select
    {{ study_row({
        'company_id': 'estimates.company_id', 'study_id': "'customer_education_churn'", 'variant': 'definition', 'outcome': "'churn'",
        'horizon_days': 'company.churn_horizon_days', 'method': "'landmark_' || cast(landmark_days as " ~ type_text() ~ ")",
        'is_headline': 'false', 'scale': "'ratio'", 'theta': safe_ln('estimate'), 'error': 'log_error',
        'naive_estimate': 'naive_estimate', 'naive_ci_low': 'naive_ci_low', 'naive_ci_high': 'naive_ci_high',
        'n_treated': 'n_treated', 'n_control': 'n_control', 'n_units': 'n_treated + n_control', 'n_events': 'n_events',
        'n_dropped': to_nearest('(n_treated + n_control) * (1 - overlap_share)'), 'overlap_share': 'overlap_share',
        'failed_checks': 'failed_checks', 'untested_checks': "'negative_control'", 'is_randomized': 'false', 'best_tier': "'associated'",
        'outcomes_from': to_date('company.observed_from_at'), 'state': 'state',
        'withheld_reason': "case when state <> 'reads' then 'fewer than 50 accounts or 10 leavers on one side whose year is over' end",
    }) }}
from {{ ref('int_impact__landmark_estimates') }} as estimates
inner join {{ ref('dim_company') }} as company on estimates.company_id = company.company_id
