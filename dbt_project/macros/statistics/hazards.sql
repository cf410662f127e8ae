{# Two groups compared over time. `times` names a relation with the columns in `by` plus stratum, is_treated (0 | 1), t (whole days) and outcome
   as in survival.sql; a constant stratum gives the plain comparison. `times` must be a name, not a subquery. `entry` names the column with the day from
   which a row is watched (left truncation, or the time after a change of side); without it everybody is watched from the start. #}

{# Risk sets as Mantel-Haenszel cells: one row per `by`, stratum, event time and side with events and exposure (people at risk just before);
   mantel_haenszel_rate_ratio() over them is the hazard ratio. Peto's ratio is never used: it fails away from 1. #}
{% macro risk_set_cells(times, by, entry=none) -%}
{%- set keys = by | join(', ') -%}
with ends as (
    select
        {{ keys }}, stratum, t,
        {{ to_double("sum(case when is_treated = 1 and outcome = 'event' then 1 else 0 end)") }} as events_treated,
        {{ to_double("sum(case when is_treated = 0 and outcome = 'event' then 1 else 0 end)") }} as events_control,
        sum(is_treated{% if entry is not none %} * people{% endif %}) as leaving_treated,
        sum((1 - is_treated){% if entry is not none %} * people{% endif %}) as leaving_control
    from {% if entry is none %}{{ times }}{% else %}(
        select {{ keys }}, stratum, is_treated, t, outcome, 1 as people from {{ times }} where {{ entry }} < t
        union all
        select {{ keys }}, stratum, is_treated, {{ entry }} as t, 'entered' as outcome, -1 as people from {{ times }} where {{ entry }} < t
    ) as watched{% endif %}
    group by {{ keys }}, stratum, t
),

at_risk as (
    select
        {{ keys }}, stratum, t, events_treated, events_control,
        {{ to_double('sum(leaving_treated) over later') }} as risk_treated,
        {{ to_double('sum(leaving_control) over later') }} as risk_control
    from ends
    window later as (partition by {{ keys }}, stratum order by t desc rows between unbounded preceding and current row)
)

select
    {{ keys }}, {{ to_text('stratum') }} || '/' || {{ to_text('t') }} as stratum, 1 as is_treated,
    events_treated as events, risk_treated as exposure, false as is_chance
from at_risk
where events_treated + events_control > 0
union all
select
    {{ keys }}, {{ to_text('stratum') }} || '/' || {{ to_text('t') }} as stratum, 0 as is_treated,
    events_control as events, risk_control as exposure, false as is_chance
from at_risk
where events_treated + events_control > 0
{%- endmacro %}

{# Hazard ratio over risk sets: one row per `by`, columns of mantel_haenszel_rate_ratio(). #}
{% macro hazard_ratio(times, by, entry=none) -%}
with risk_sets as (
    {{ risk_set_cells(times, by, entry) }}
)

{{ mantel_haenszel_rate_ratio('risk_sets', by) }}
{%- endmacro %}

{# Log-rank test, stratified: one row per `by` with events of the treated less those expected, the variance and chi-square (1 degree of freedom). #}
{% macro log_rank(times, by, entry=none) -%}
with risk_sets as (
    {{ risk_set_cells(times, by, entry) }}
),

tables_of_time as (
    select
        {{ by | join(', ') }}, stratum,
        sum(events) as d, sum(exposure) as n,
        sum(case when is_treated = 1 then events else 0 end) as d1,
        sum(case when is_treated = 1 then exposure else 0 end) as n1
    from risk_sets
    group by {{ by | join(', ') }}, stratum
)

select {{ by | join(', ') }}, excess_events, variance, excess_events * excess_events / nullif(variance, 0) as chi_square
from (
    select
        {{ by | join(', ') }},
        sum(d1 - d * n1 / n) as excess_events,
        sum(case when n > 1 then d * (n1 / n) * (1 - n1 / n) * (n - d) / (n - 1) else 0 end) as variance
    from tables_of_time
    group by {{ by | join(', ') }}
) as sums
{%- endmacro %}

{# Restricted mean: days without the event out of the first `tau` (a number, or a column of `times` that is one value per group), with Greenwood's
   error. `times` as in survival.sql; tau must not lie beyond the last time watched. #}
{% macro restricted_mean(times, by, tau) -%}
{%- set keys = by | join(', ') -%}
with horizons as (
    select {{ keys }}, {{ to_double('max(' ~ tau ~ ')') }} as tau
    from {{ times }} as given
    group by {{ keys }}
),

points as (
    select {{ keys }}, tau, {{ to_double('0') }} as t, {{ to_double('null') }} as at_risk, {{ to_double('0') }} as events, {{ to_double('1') }} as survival
    from horizons
    union all
    select
        {% for column in by %}curve.{{ column }}, {% endfor %}horizons.tau, {{ to_double('curve.t') }} as t, curve.at_risk, curve.events, curve.survival
    from ({{ kaplan_meier(times, by) }}) as curve
    inner join horizons on {{ same('curve', 'horizons', by) }}
    where curve.events > 0 and curve.t < horizons.tau
),

pieces as (
    select
        {{ keys }}, t, at_risk, events,
        survival * (coalesce(lead(t) over (partition by {{ keys }} order by t, at_risk desc nulls first), tau) - t) as area
    from points
),

tails as (
    select
        {{ keys }}, at_risk, events, area,
        sum(area) over (partition by {{ keys }} order by t desc, at_risk asc nulls last rows between unbounded preceding and current row) as tail
    from pieces
)

select
    {{ keys }}, sum(area) as estimate,
    sqrt(sum(case when at_risk > events then tail * tail * events / (at_risk * (at_risk - events)) else 0 end)) as error
from tails
group by {{ keys }}
{%- endmacro %}
