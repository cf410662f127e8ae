with judged as (
    select
        pilots.company_id, pilots.pilot_id, pilots.pilot_name, pilots.outcome, pilots.horizon_days, pilots.is_primary, pilots.minimum_effect,
        estimates.method, estimates.estimate, estimates.ci_low, estimates.ci_high,
        estimates.naive_estimate, estimates.naive_ci_low, estimates.naive_ci_high,
        coalesce(estimates.k1, 0) as k1, coalesce(estimates.k0, 0) as k0, coalesce(estimates.closed_deals, 0) as closed_deals,
        estimates.due_at, estimates.is_randomized, estimates.detectable_effect,
        estimates.welch_estimate, estimates.welch_ci_low, estimates.welch_ci_high,
        facts.control_coached, facts.teams_control, looks.p_value, looks.p_adjusted, looks.hedges_g,
        {{ names_of_true([
            ('arm_ratio', 'coalesce(estimates.arm_ratio_chi2, 0) > 10.83'),
            ('missing_teams', 'coalesce(abs(estimates.missing_gap), 0) > 0.05'),
        ]) }} as failed_checks,
        case
            when estimates.k1 is null then 'nothing_recorded'
            when estimates.due_share < 0.9 then 'not_due'
            when estimates.due_treated < 6 or estimates.due_control < 6 or estimates.ci_low is null then 'too_few'
            else 'reads'
        end as state
    from {{ ref('dim_company_pilots') }} as pilots
    left join {{ ref('int_impact__pilot_estimates') }} as estimates
        on pilots.company_id = estimates.company_id and pilots.pilot_id = estimates.pilot_id
        and pilots.outcome = estimates.outcome and pilots.horizon_days = estimates.horizon_days
    left join {{ ref('int_impact__pilot_facts') }} as facts on pilots.company_id = facts.company_id and pilots.pilot_id = facts.pilot_id
    left join {{ ref('stg_estimates__current') }} as looks
        on pilots.company_id = looks.company_id and looks.study_id = 'pilot_win_rate' and pilots.pilot_id = looks.variant
        and pilots.outcome = looks.outcome and pilots.horizon_days = looks.horizon_days
)

select
    judged.company_id, pilot_id, pilot_name,
    {{ to_text("'Did the pilot raise the win rate?'") }} as question, outcome, {{ to_text("'assigned'") }} as definition,
    {{ to_text("coalesce(method, 'welch_team_means')") }} as method, is_primary as is_headline, {{ to_count('horizon_days') }} as horizon_days,
    {% for column in ['estimate', 'ci_low', 'ci_high', 'naive_estimate', 'naive_ci_low', 'naive_ci_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    {% for column in ['welch_estimate', 'welch_ci_low', 'welch_ci_high', 'p_value', 'p_adjusted', 'hedges_g'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    case when state = 'reads' then {{ ratio('control_coached', 'teams_control') }} end as contaminated_share,
    {{ to_text("'share'") }} as unit,
    {{ to_count('k1') }} as n_treated, {{ to_count('k0') }} as n_control,
    case when state in ('reads', 'too_few') then {{ to_count('closed_deals') }} end as n_events,
    {{ to_double('detectable_effect') }} as detectable_effect, {{ to_double('minimum_effect') }} as minimum_effect,
    {{ to_timestamp('due_at') }} as due_at,
    {{ to_text('failed_checks') }} as failed_checks, {{ to_text('state') }} as state,
    {{ to_text(tier_of('state', 'failed_checks', "case
        when is_randomized = 0 then 'associated'
        when is_primary and ci_low > minimum_effect / 4 then 'proven'
        else 'supported'
    end")) }} as tier,
    {{ to_text("case state
        when 'not_due' then 'the horizon has not passed for nine of ten teams'
        when 'too_few' then 'fewer than six teams on one side'
        when 'nothing_recorded' then 'no team has been assigned'
    end") }} as withheld_reason,
    company.as_of_at
from judged
inner join {{ ref('dim_company') }} as company on judged.company_id = company.company_id
