{# Hours a ticket takes and how often it is reopened, trained agents against agents not yet trained; saved hours count as positive. #}
with effects as (
    select * from {{ ref('int_application__agent_estimates') }} where time_window = 'effect'
),

placebos as (
    select * from {{ ref('int_application__agent_estimates') }} where time_window = 'placebo' and state = 'reads'
),

checked as (
    select
        effects.company_id, effects.ticket_category, effects.outcome, effects.n_treated, effects.n_control, effects.n_tickets,
        effects.estimate, effects.error, effects.df, effects.state, placebos.ci_low as placebo_low,
        naive.naive_estimate, naive.naive_ci_low, naive.naive_ci_high,
        {{ names_of_true([('placebo', 'coalesce(' ~ leaves_out(0, 'placebos.ci_low', 'placebos.ci_high') ~ ', false)')]) }} as failed_checks
    from effects
    left join placebos
        on effects.company_id = placebos.company_id and effects.ticket_category = placebos.ticket_category and effects.outcome = placebos.outcome
    left join {{ ref('int_application__agent_naive') }} as naive
        on effects.company_id = naive.company_id and effects.ticket_category = naive.ticket_category and effects.outcome = naive.outcome
)

select
    {{ study_row({
        'company_id': 'checked.company_id', 'study_id': "'agent_training_handling'", 'variant': 'ticket_category',
        'outcome': "case outcome when 'hours' then 'resolution_hours_saved' else 'reopens_avoided_per_ticket' end",
        'horizon_days': '180', 'method': "'own_change'", 'is_headline': "ticket_category = 'all' and outcome = 'hours'",
        'scale': "'difference'", 'theta': '-estimate', 'error': 'error', 'df': 'df',
        'naive_estimate': 'naive_estimate', 'naive_ci_low': 'naive_ci_low', 'naive_ci_high': 'naive_ci_high',
        'n_treated': 'n_treated', 'n_control': 'n_control', 'n_units': 'n_treated + n_control', 'n_events': 'n_tickets',
        'failed_checks': 'failed_checks', 'untested_checks': "case when placebo_low is null then 'placebo' else '' end",
        'is_randomized': 'false', 'best_tier': "case when placebo_low is null then 'associated' else 'supported' end",
        'outcomes_from': to_date('company.observed_from_at'), 'state': 'state',
        'withheld_reason': "case when state <> 'reads' then 'fewer than ten agents on one side' end",
    }) }}
from checked
inner join {{ ref('dim_company') }} as company on checked.company_id = company.company_id
