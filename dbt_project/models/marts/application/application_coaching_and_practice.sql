{% set by = ['company_id', 'outcome'] %}
{% set cells = [('coached_and_practiced', 1, 1), ('coached_only', 1, 0), ('practiced_only', 0, 1), ('neither', 0, 0)] %}
{% set effects = [('interaction', 'interaction'), ('coaching_main', 'a'), ('practice_main', 'b')] %}

with units as (
    select company_id, outcome, person_key, cluster, a, b, y from {{ ref('int_application__coached_units') }}
),

deltas as (
    {{ interaction_deltas('units', by) }}
),

intervals as (
    {{ jackknife_interval('deltas', by + ['effect']) }}
),

counted as (
    select
        {% for name, a, b in cells -%}
        {% set own = 'a = ' ~ a ~ ' and b = ' ~ b -%}
        count(case when {{ own }} then y end) as n_{{ name }}, avg(case when {{ own }} then y end) as mean_{{ name }},
        stddev_samp(case when {{ own }} then y end) as spread_{{ name }},
        {% endfor -%}
        company_id, outcome, count(distinct cluster) as managers, count(*) as people
    from units
    group by company_id, outcome
),

{# a group of 8 or 9 has no mean of its own, and the effects would give it away beside the other three #}
sized as (
    select
        counted.*,
        least(n_{{ cells | map('first') | join(', n_') }}) as smallest
    from counted
),

quantities as (
    {% for name, a, b in cells %}
    {% set n, mean, spread = 'n_' ~ name, 'mean_' ~ name, 'spread_' ~ name %}
    select
        company_id, outcome, '{{ name }}' as quantity, {{ mean }} as estimate,
        {{ mean_low(mean, spread, n) }} as ci_low, {{ mean_high(mean, spread, n) }} as ci_high,
        {{ n }} as people, managers, {{ rate_is_shown(n) }} and (smallest >= 10 or smallest < 8) as is_enough,
        'fewer than ten people in one of the groups' as reason
    from sized
    union all
    {% endfor %}
    {% for name, effect in effects %}
    select
        counted.company_id, counted.outcome, '{{ name }}' as quantity, intervals.estimate,
        intervals.ci_low, intervals.ci_high, counted.people, counted.managers,
        counted.smallest >= 8 and intervals.ci_low is not null as is_enough,
        'fewer than eight people in one of the four groups' as reason
    from sized as counted
    left join intervals on {{ same('counted', 'intervals', by) }} and intervals.effect = '{{ effect }}'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

flags as (
    {{ reach_flags(['drops.coaching_events', 'drops.practice_tasks', 'drops.application_evidence', 'drops.kpi_observations']) }}
),

{# a company without any unit still gets its interaction row #}
stated as (
    select
        company.company_id, company.as_of_at, coalesce(quantities.outcome, 'verified_use') as outcome,
        coalesce(quantities.quantity, 'interaction') as quantity, quantities.estimate, quantities.ci_low, quantities.ci_high, quantities.people,
        quantities.managers, quantities.reason,
        case
            when not (flags.reaches_drops_coaching_events and flags.reaches_drops_practice_tasks) then 'no_data_reaches_us'
            when coalesce(quantities.outcome, 'verified_use') = 'verified_use' and not flags.reaches_drops_application_evidence then 'no_data_reaches_us'
            when quantities.outcome is null then 'nothing_recorded'
            when not quantities.is_enough then 'too_few'
            else 'reads'
        end as state
    from {{ ref('dim_company') }} as company
    inner join flags on company.company_id = flags.company_id
    left join quantities on company.company_id = quantities.company_id
)

select
    company_id, {{ to_text('outcome') }} as outcome, {{ to_text('quantity') }} as quantity,
    {{ to_text("case
        when quantity in ('interaction', 'coaching_main', 'practice_main') then 'change_score_jackknife_over_managers'
        else 'mean_change'
    end") }} as method,
    quantity = 'interaction' and outcome = 'verified_use' as is_headline,
    {% for column in ['estimate', 'ci_low', 'ci_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    case when state = 'reads' then {{ to_count('people') }} end as n_people,
    case when state = 'reads' and {{ count_is_shown('managers') }} then {{ to_count('managers') }} end as n_managers,
    {{ to_text("case outcome when 'verified_use' then 'verified uses per person' else 'units of the KPI, more is better' end") }} as unit,
    {{ to_text('state') }} as state,
    {{ to_text(tier_of('state', "''", "'associated'")) }} as tier,
    {{ to_text("case state
        when 'too_few' then reason
        when 'no_data_reaches_us' then 'no coaching, practice or use reaches us'
        when 'nothing_recorded' then 'nobody has been followed for 150 days yet'
    end") }} as withheld_reason,
    as_of_at
from stated
