{# Figures of people before and after the training for their role, by role and figure; the registered one has the most people trained. #}
with effects as (
    select
        *, row_number() over (partition by company_id order by n_treated desc, job_title asc, kpi_code asc) as position
    from {{ ref('int_impact__role_estimates') }}
    where time_window = 'effect'
),

placebos as (
    select * from {{ ref('int_impact__role_estimates') }} where time_window = 'placebo' and state = 'reads'
)

select
    {{ study_row({
        'company_id': 'effects.company_id', 'study_id': "'role_performance'", 'variant': "effects.job_title || '/' || effects.kpi_code",
        'outcome': 'effects.kpi_code', 'horizon_days': '180', 'method': "'own_change'", 'is_headline': 'effects.position = 1',
        'scale': "'difference'", 'theta': 'effects.estimate', 'error': 'effects.error', 'df': 'effects.df',
        'naive_estimate': 'effects.naive_estimate', 'naive_ci_low': 'effects.naive_ci_low', 'naive_ci_high': 'effects.naive_ci_high',
        'n_treated': 'effects.n_treated', 'n_control': 'effects.n_control', 'n_units': 'effects.n_treated + effects.n_control',
        'failed_checks': names_of_true([('placebo', 'coalesce(' ~ leaves_out(0, 'placebos.ci_low', 'placebos.ci_high') ~ ', false)')]),
        'untested_checks': "case when placebos.ci_low is null then 'placebo' else '' end", 'is_randomized': 'false',
        'best_tier': "case when placebos.ci_low is null then 'associated' else 'supported' end",
        'outcomes_from': to_date('company.observed_from_at'), 'state': 'effects.state',
        'withheld_reason': "case when effects.state <> 'reads' then 'fewer than ten people on one side' end",
    }) }}
from effects
inner join {{ ref('dim_company') }} as company on effects.company_id = company.company_id
left join placebos
    on effects.company_id = placebos.company_id and effects.job_title = placebos.job_title and effects.kpi_code = placebos.kpi_code
