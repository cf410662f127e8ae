{# Pilots by horizon: the difference of team means. A horizon may be read from the day on which nine of ten teams have passed it. #}
with ranked as (
    select
        company_id, pilot_id, outcome, horizon_days, due_at, assigned_at,
        row_number() over (partition by company_id, pilot_id, outcome, horizon_days order by due_at) as position,
        count(*) over (partition by company_id, pilot_id, outcome, horizon_days) as teams
    from {{ ref('int_impact__pilot_teams') }}
),

due as (
    select
        company_id, pilot_id, outcome, horizon_days, min(assigned_at) as first_assigned_at,
        min(case when position >= 0.9 * teams then due_at end) as due_at
    from ranked
    group by company_id, pilot_id, outcome, horizon_days
),

judged as (
    select
        estimates.*, due.due_at as nine_of_ten_due_at, due.first_assigned_at, pilots.is_primary,
        {{ names_of_true([
            ('arm_ratio', 'coalesce(estimates.arm_ratio_chi2, 0) > 10.83'),
            ('missing_teams', 'coalesce(abs(estimates.missing_gap), 0) > 0.05'),
        ]) }} as failed_checks,
        case
            when estimates.due_share < 0.9 then 'not_due'
            when estimates.due_treated < 6 or estimates.due_control < 6 or estimates.ci_low is null then 'too_few'
            else 'reads'
        end as state
    from {{ ref('int_impact__pilot_estimates') }} as estimates
    inner join due
        on estimates.company_id = due.company_id and estimates.pilot_id = due.pilot_id and estimates.outcome = due.outcome
        and estimates.horizon_days = due.horizon_days
    inner join {{ ref('dim_company_pilots') }} as pilots
        on estimates.company_id = pilots.company_id and estimates.pilot_id = pilots.pilot_id and estimates.outcome = pilots.outcome
        and estimates.horizon_days = pilots.horizon_days
)

select
    {{ study_row({
        'company_id': 'company_id', 'study_id': "'pilot_win_rate'", 'variant': 'pilot_id', 'outcome': 'outcome', 'horizon_days': 'horizon_days',
        'method': 'method', 'is_headline': 'is_primary', 'scale': "'difference'", 'theta': 'estimate', 'error': 'error', 'df': 'df',
        'naive_estimate': 'naive_estimate', 'naive_ci_low': 'naive_ci_low', 'naive_ci_high': 'naive_ci_high',
        'n_treated': 'due_treated', 'n_control': 'due_control', 'n_units': 'due_treated + due_control', 'n_events': 'closed_deals', 'missing_gap': 'missing_gap',
        'failed_checks': 'failed_checks', 'untested_checks': "''", 'is_randomized': 'is_randomized = 1',
        'best_tier': "case when is_randomized = 1 then 'proven' else 'associated' end",
        'due_date': to_date('nine_of_ten_due_at'), 'outcomes_from': to_date('first_assigned_at'), 'state': 'state',
        'withheld_reason': "case state when 'not_due' then 'the horizon has not passed for nine of ten teams'
            when 'too_few' then 'fewer than six teams on one side' end",
    }) }}
from judged
