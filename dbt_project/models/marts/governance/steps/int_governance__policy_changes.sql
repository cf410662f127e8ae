{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per policy (or reward rule without one) and change: introduced or removed, with as many whole weeks on both sides as were observed, 26 at most.
   before_start .. before_end and after_start .. after_end are Mondays; the week of the change itself belongs to neither side. #}
with rules as (
    select policy_id, policy_type, company_id, valid_from, valid_to from {{ ref('dim_policies') }}
    union all
    select 'rule ' || rule_id, 'reward_rule', company_id, valid_from, valid_to from {{ ref('dim_reward_rules') }} where policy_id is null
),

rewards as (
    select
        company_id, coalesce(policy_id, 'rule ' || rule_id) as policy_id,
        {% for reward in ['completion', 'hours', 'application', 'skill_gain'] -%}
        max({{ one_if("rewards = '" ~ reward ~ "'") }}) = 1 as pays_for_{{ reward }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('dim_reward_rules') }}
    group by company_id, coalesce(policy_id, 'rule ' || rule_id)
),

changes as (
    select company_id, policy_id, policy_type, 'introduced' as change_kind, valid_from as change_date from rules
    union all
    select company_id, policy_id, policy_type, 'removed', valid_to from rules where valid_to is not null
),

{# Weeks before the first session ever sent are not weeks without learning. #}
watched as (
    select
        company.company_id, company.as_of_at, company.equivalence_margin,
        case
            when min(sessions.started_at) > company.observed_from_at then {{ week_start('min(sessions.started_at)') }}
            else {{ to_date('company.observed_from_at') }}
        end as from_date
    from {{ ref('dim_company') }} as company
    left join {{ ref('fct_learning_sessions') }} as sessions on company.company_id = sessions.company_id
    group by company.company_id, company.as_of_at, company.equivalence_margin, company.observed_from_at
),

observed as (
    select
        changes.*, watched.equivalence_margin, watched.as_of_at, {{ week_start('changes.change_date') }} as before_end,
        {{ week_start(add_days('changes.change_date', 6)) }} as after_start,
        cast(floor({{ ratio(days_between('watched.from_date', week_start('changes.change_date')), 7) }}) as integer) as weeks_before,
        cast(floor({{ ratio(days_between(week_start(add_days('changes.change_date', 6)), 'watched.as_of_at'), 7) }}) as integer) as weeks_after
    from changes
    inner join watched on changes.company_id = watched.company_id
    where changes.change_date <= {{ to_date('watched.as_of_at') }}
),

sized as (
    select
        observed.*,
        case
            when weeks_before < 0 or weeks_after < 0 then 0
            when weeks_before <= weeks_after and weeks_before < 26 then weeks_before
            when weeks_after < 26 then weeks_after
            else 26
        end as weeks
    from observed
)

select
    sized.company_id, sized.policy_id, sized.policy_type, sized.change_kind, sized.change_date,
    sized.equivalence_margin, sized.weeks,
    {{ add_days('sized.before_end', '-7 * sized.weeks') }} as before_start, sized.before_end, sized.after_start,
    {{ add_days('sized.after_start', '7 * sized.weeks') }} as after_end, sized.weeks >= 8 as is_due,
    rewards.policy_id is not null as has_reward_rule,
    coalesce(
        (rewards.pays_for_completion or rewards.pays_for_hours) and not (rewards.pays_for_application or rewards.pays_for_skill_gain), false
    ) as pays_for_completion_only
from sized
left join rewards on sized.company_id = rewards.company_id and sized.policy_id = rewards.policy_id
