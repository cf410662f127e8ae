{# Effects by start cohort and period (Callaway and Sant'Anna) with influence-function errors. `panel` names a relation with the columns in `by` plus
   unit, cohort (the period of the start, missing = never), period (whole number) and y, one row per unit and period. A period from the start on is
   compared with the one before the start, an earlier period with the one before it. controls: 'never' or 'not_yet' started by both periods. #}
{% macro cohort_changes(panel, by, controls) -%}
{%- set keys = by | join(', ') -%}
    select
        {% for column in by %}later.{{ column }}, {% endfor %}pairs.cohort, pairs.period, later.unit,
        case when later.cohort = pairs.cohort then 1 else 0 end as is_treated,
        {{ to_double('later.y') }} - {{ to_double('earlier.y') }} as change
    from (
        select
            {% for column in by %}cohorts.{{ column }}, {% endfor %}cohorts.cohort, periods.period,
            case when periods.period >= cohorts.cohort then cohorts.cohort - 1 else periods.period - 1 end as base_period
        from (select distinct {{ keys }}, cohort from {{ panel }} where cohort is not null) as cohorts
        inner join (select distinct {{ keys }}, period from {{ panel }}) as periods on {{ same('cohorts', 'periods', by) }}
    ) as pairs
    inner join {{ panel }} as later on {{ same('pairs', 'later', by) }} and pairs.period = later.period
    inner join {{ panel }} as earlier
        on {{ same('later', 'earlier', by) }} and later.unit = earlier.unit and pairs.base_period = earlier.period
    where later.cohort = pairs.cohort or later.cohort is null
        {%- if controls == 'not_yet' %}
        or (later.cohort > pairs.period and later.cohort > pairs.base_period and later.cohort <> pairs.cohort)
        {%- endif %}
{%- endmacro %}

{# One row per `by`, cohort and period. #}
{% macro cohort_effects(panel, by, controls='never') -%}
{%- set keys = by | join(', ') -%}
with changes as (
{{ cohort_changes(panel, by, controls) }}
),

means as (
    {{ cohort_means('changes', by) }}
)

select
    {% for column in by %}means.{{ column }}, {% endfor %}means.cohort, means.period, max(means.n1) as n_treated, max(means.n0) as n_control,
    max(means.m1 - means.m0) as estimate,
    sqrt(sum(power(case when changes.is_treated = 1 then (changes.change - means.m1) / means.n1 else (changes.change - means.m0) / means.n0 end, 2))) as error
from means
inner join changes on {{ same('means', 'changes', by) }} and means.cohort = changes.cohort and means.period = changes.period
where means.n1 > 0 and means.n0 > 0
group by {% for column in by %}means.{{ column }}, {% endfor %}means.cohort, means.period
{%- endmacro %}

{# All periods from the start on, cohorts weighted by their size: one row per `by`, with the error of the weights included. #}
{% macro overall_cohort_effect(panel, by, controls='never') -%}
{%- set keys = by | join(', ') -%}
with changes as (
{{ cohort_changes(panel, by, controls) }}
),

means as (
    {{ cohort_means('changes', by) }}
),

started as (
    select {{ keys }}, cohort, period, n1, n0, m1, m0, m1 - m0 as effect
    from means
    where n1 > 0 and n0 > 0 and period >= cohort
),

totals as (
    select {{ keys }}, sum(n1) as weight, sum(n1 * effect) as weighted, sum(n1 * effect) / nullif(sum(n1), 0) as estimate
    from started
    group by {{ keys }}
),

by_cohort as (
    select {{ keys }}, cohort, sum(effect) as effects, {{ to_double('count(*)') }} as periods
    from started
    group by {{ keys }}, cohort
),

influence as (
    select
        {% for column in by %}started.{{ column }}, {% endfor %}changes.unit,
        case when changes.is_treated = 1 then (changes.change - started.m1) / started.n1 else -(changes.change - started.m0) / started.n0 end
        * started.n1 / totals.weight as influence
    from started
    inner join changes on {{ same('started', 'changes', by) }} and started.cohort = changes.cohort and started.period = changes.period
    inner join totals on {{ same('started', 'totals', by) }}
    union all
    select
        {% for column in by %}units.{{ column }}, {% endfor %}units.unit, (by_cohort.effects - totals.estimate * by_cohort.periods) / totals.weight as influence
    from (select distinct {{ keys }}, unit, cohort from {{ panel }}) as units
    inner join by_cohort on {{ same('units', 'by_cohort', by) }} and units.cohort = by_cohort.cohort
    inner join totals on {{ same('units', 'totals', by) }}
),

by_unit as (
    select {{ keys }}, unit, sum(influence) as influence
    from influence
    group by {{ keys }}, unit
)

select
    {% for column in by %}totals.{{ column }}, {% endfor %}max(totals.estimate) as estimate, sqrt(sum(power(by_unit.influence, 2))) as error,
    max(totals.estimate) - {{ z975() }} * sqrt(sum(power(by_unit.influence, 2))) as ci_low,
    max(totals.estimate) + {{ z975() }} * sqrt(sum(power(by_unit.influence, 2))) as ci_high
from totals
inner join by_unit on {{ same('totals', 'by_unit', by) }}
group by {% for column in by %}totals.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}
{%- endmacro %}

{# Means of the changes by cohort, period and side; an internal part of the two macros above. #}
{% macro cohort_means(changes, by) -%}
    select
        {{ by | join(', ') }}, cohort, period,
        {{ to_double('sum(is_treated)') }} as n1, {{ to_double('sum(1 - is_treated)') }} as n0,
        avg(case when is_treated = 1 then change end) as m1, avg(case when is_treated = 0 then change end) as m0
    from {{ changes }} as given
    group by {{ by | join(', ') }}, cohort, period
{%- endmacro %}
