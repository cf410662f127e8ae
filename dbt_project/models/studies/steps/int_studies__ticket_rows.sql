{# How-to tickets per seat against the account's own past; defects are the negative control and, as a difference, the third difference. #}
with effects as (
    select * from {{ ref('int_impact__ticket_estimates') }} where time_window = 'effect'
),

placebos as (
    select company_id, definition, ticket_kind, ci_low as placebo_low, ci_high as placebo_high
    from {{ ref('int_impact__ticket_estimates') }}
    where time_window = 'placebo' and state = 'reads'
),

checked as (
    select
        effects.*, defects.estimate as defect_estimate, defects.ci_low as defect_low, defects.ci_high as defect_high,
        placebos.placebo_low, placebos.placebo_high,
        naive.estimate as naive_estimate, naive.ci_low as naive_ci_low, naive.ci_high as naive_ci_high, naive.mapped_share,
        {{ names_of_true([
            ('negative_control', "effects.ticket_kind = 'how_to' and coalesce(" ~ leaves_out(1, 'defects.ci_low', 'defects.ci_high') ~ ", false)"),
            ('placebo', 'coalesce(' ~ leaves_out(1, 'placebos.placebo_low', 'placebos.placebo_high') ~ ', false)'),
            ('mapped_share', 'coalesce(naive.mapped_share, 0) < 0.8'),
        ]) }} as failed_checks
    from effects
    left join effects as defects
        on effects.company_id = defects.company_id and effects.definition = defects.definition and defects.ticket_kind = 'defect'
    left join placebos
        on effects.company_id = placebos.company_id and effects.definition = placebos.definition and effects.ticket_kind = placebos.ticket_kind
    left join {{ ref('int_impact__ticket_naive') }} as naive
        on effects.company_id = naive.company_id and effects.definition = naive.definition and naive.ticket_kind = 'how_to'
    where effects.ticket_kind <> 'defect'
)

select
    {{ study_row({
        'company_id': 'checked.company_id', 'study_id': "'customer_education_tickets'", 'variant': 'definition', 'outcome': "'how_to_tickets'",
        'horizon_days': '180', 'method': "case ticket_kind when 'how_to' then 'own_baseline' else 'own_baseline_less_defects' end",
        'is_headline': "definition = 'any' and ticket_kind = 'how_to'", 'scale': "'ratio'", 'theta': 'log_estimate', 'error': 'log_error', 'df': 'df',
        'naive_estimate': 'naive_estimate', 'naive_ci_low': 'naive_ci_low', 'naive_ci_high': 'naive_ci_high',
        'n_treated': 'n_treated', 'n_control': 'n_control', 'n_units': 'n_treated + n_control', 'n_events': 'n_events',
        'negative_control_estimate': 'defect_estimate', 'negative_control_low': 'defect_low', 'negative_control_high': 'defect_high',
        'failed_checks': 'failed_checks', 'untested_checks': "case when placebo_low is null then 'placebo' else '' end",
        'is_randomized': 'false', 'best_tier': "case when placebo_low is null then 'associated' else 'supported' end",
        'outcomes_from': to_date('company.observed_from_at'), 'state': 'state',
        'withheld_reason': "case when state <> 'reads' then 'fewer than 30 trained accounts with six months before and one after' end",
    }) }}
from checked
inner join {{ ref('dim_company') }} as company on checked.company_id = company.company_id
