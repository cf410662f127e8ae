{% set keys = ['company_id', 'policy_id', 'change_kind'] %}

with reach as (
    {{ reach_flags(['drops.learning_sessions', 'drops.policies']) }}
),

weekly as (
    select {{ keys | join(', ') }}, week_start, max(is_after) = 1 as is_after, count(*) as people, avg(recorded) as recorded, avg(voluntary) as voluntary
    from {{ ref('int_governance__policy_minutes') }}
    group by {{ keys | join(', ') }}, week_start
),

changes as (
    select
        changes.*,
        {% for kind in ['recorded', 'voluntary'] -%}
        {{ kind }}.people as {{ kind }}_people, {{ kind }}.mean_before as {{ kind }}_before,
        {{ kind }}.mean_after as {{ kind }}_after,
        {{ kind }}.change_share as {{ kind }}_change,
        {{ equivalence_low(kind ~ '.change_share', kind ~ '.error', '(' ~ kind ~ '.people - 1)') }} as {{ kind }}_low,
        {{ equivalence_high(kind ~ '.change_share', kind ~ '.error', '(' ~ kind ~ '.people - 1)') }} as {{ kind }}_high,
        {{ rate_state(
            'case when ' ~ kind ~ '.change_share is not null then ' ~ kind ~ '.people end', rate_is_shown(kind ~ '.people'),
            'reach.reaches_drops_learning_sessions', 'changes.is_due'
        ) }} as {{ kind }}_state{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_governance__policy_changes') }} as changes
    inner join reach on changes.company_id = reach.company_id
    {% for kind in ['recorded', 'voluntary'] -%}
    left join {{ ref('int_governance__policy_estimates') }} as {{ kind }} on {{ same('changes', kind, keys) }} and {{ kind }}.minutes_kind = '{{ kind }}'
    {% endfor %}
),

{# A change without enough weeks, and a company without a policy, keep one row that says why nothing can be said. #}
series as (
    select
        changes.*, coalesce(weekly.week_start, changes.before_end) as week_start, weekly.is_after, weekly.people,
        weekly.recorded, weekly.voluntary,
        {{ rate_state('weekly.people', rate_is_shown('weekly.people'), 'reach.reaches_drops_learning_sessions', 'changes.is_due') }} as week_state
    from changes
    inner join reach on changes.company_id = reach.company_id
    left join weekly on {{ same('changes', 'weekly', keys) }}
),

silent as (
    select
        company.company_id, {{ week_start('company.as_of_at') }} as week_start,
        case when reach.reaches_drops_policies then 'nothing_recorded' else 'no_data_reaches_us' end as silence
    from {{ ref('dim_company') }} as company
    inner join reach on company.company_id = reach.company_id
    left join (select distinct company_id from {{ ref('int_governance__policy_changes') }}) as known on company.company_id = known.company_id
    where known.company_id is null
)

select
    company_id, {{ to_text('policy_id') }} as policy_id, {{ to_text('policy_type') }} as policy_type,
    {{ to_text('change_kind') }} as change_kind, change_date, week_start,
    is_after, {{ to_count('weeks') }} as weeks_each_side, has_reward_rule, pays_for_completion_only,
    {% for kind in ['recorded', 'voluntary'] -%}
    case when week_state = 'reads' then {{ to_double(kind) }} end as {{ kind }}_minutes_per_person,
    case when week_state = 'reads' then {{ to_count('people') }} end as {{ kind }}_minutes_per_person_n,
    case when week_state = 'reads' then {{ to_count('people') }} end as {{ kind }}_minutes_per_person_denominator,
    {{ to_text('week_state') }} as {{ kind }}_minutes_per_person_state,
    case when {{ kind }}_state = 'reads' then {{ to_double(kind ~ '_before') }} end as {{ kind }}_minutes_before,
    case when {{ kind }}_state = 'reads' then {{ to_double(kind ~ '_after') }} end as {{ kind }}_minutes_after,
    case when {{ kind }}_state = 'reads' then {{ to_double(kind ~ '_change') }} end as {{ kind }}_change,
    case when {{ kind }}_state = 'reads' then {{ to_double(kind ~ '_low') }} end as {{ kind }}_change_low,
    case when {{ kind }}_state = 'reads' then {{ to_double(kind ~ '_high') }} end as {{ kind }}_change_high,
    case when {{ kind }}_state = 'reads' then {{ to_count(kind ~ '_people') }} end as {{ kind }}_change_n,
    case when {{ kind }}_state = 'reads' then {{ to_count(kind ~ '_people') }} end as {{ kind }}_change_denominator,
    {{ to_text(kind ~ '_state') }} as {{ kind }}_change_state,
    {% endfor -%}
    {{ to_double('equivalence_margin') }} as equivalence_margin,
    {{ to_text("case
        when voluntary_state <> 'reads' then null
        when voluntary_low > -equivalence_margin and voluntary_high < equivalence_margin then 'unchanged within the margin'
        when voluntary_low > 0 or voluntary_high < 0 then 'changed'
        else 'inconclusive'
    end") }} as voluntary_verdict
from series
union all
select
    company_id, 'none', 'none', 'none', null, week_start, null, null, false, false,
    {% for kind in ['recorded', 'voluntary'] -%}
    null, null, null, silence as {{ kind }}_week_silence, null, null, null, null, null, null, null, silence as {{ kind }}_silence,
    {% endfor -%}
    null, null
from silent
