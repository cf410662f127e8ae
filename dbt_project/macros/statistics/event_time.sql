{# Staggered starts, compared with units that have not started in the same months. `cells` names a relation with the columns in `by` plus
     stratum (one cohort x month cell), unit (the cluster), is_treated (0 | 1).
   Each macro gives one row per `by` and unit: `estimate` (the same on every row) and `delta`, what leaving this unit out adds to it, in closed form.
   jackknife_interval() turns these into an estimate with its interval. #}

{# Ratio of ratios against each unit's own past. `cells` has x (events in the month) and e (events its own base rate leads to expect).
   Treated events over what they would have been had the treated changed like the controls of the same cell; estimate is the logarithm.
   A cell needs 5 control events. #}
{% macro own_baseline_deltas(cells, by) -%}
{%- set keys = by | join(', ') -%}
with cell as (
    select
        {{ keys }}, stratum,
        {{ to_double('sum(case when is_treated = 1 then e else 0 end)') }} as e1,
        {{ to_double('sum(case when is_treated = 0 then x else 0 end)') }} as x0,
        {{ to_double('sum(case when is_treated = 0 then e else 0 end)') }} as e0
    from {{ cells }} as given
    group by {{ keys }}, stratum
),

used as (
    select
        {% for column in by %}c.{{ column }}, {% endfor %}c.unit, c.is_treated, c.x, c.e,
        cell.x0 / cell.e0 as control_change,
        case when c.is_treated = 0 and cell.e0 - c.e > 0
            then cell.e1 * ((cell.x0 - c.x) / (cell.e0 - c.e) - cell.x0 / cell.e0) else 0 end as shift_when_left_out
    from {{ cells }} as c
    inner join cell on {% for column in by %}c.{{ column }} = cell.{{ column }} and {% endfor %}c.stratum = cell.stratum
    where cell.e1 > 0 and cell.e0 > 0 and cell.x0 >= 5
),

per_unit as (
    select
        {{ keys }}, unit, max(is_treated) as is_treated,
        {{ to_double('sum(case when is_treated = 1 then x else 0 end)') }} as x1,
        {{ to_double('sum(case when is_treated = 1 then e * control_change else 0 end)') }} as expected,
        {{ to_double('sum(shift_when_left_out)') }} as shift_when_left_out
    from used
    group by {{ keys }}, unit
),

totals as (
    select {{ keys }}, unit, is_treated, x1, expected, shift_when_left_out, sum(x1) over every as all_x1, sum(expected) over every as all_expected
    from per_unit
    window every as (partition by {{ keys }})
)

select
    {{ keys }}, unit, is_treated, x1 as events,
    {{ safe_ln('all_x1') }} - {{ safe_ln('all_expected') }} as estimate,
    {{ safe_ln('1 - x1 / nullif(all_x1, 0)') }}
    - {{ safe_ln('1 + (shift_when_left_out - expected) / nullif(all_expected, 0)') }} as delta
from totals
{%- endmacro %}

{# Difference of changes in a mean. `cells` has d (the unit's mean in the month less its own earlier mean) and weight (how many things it averages).
   Treated mean less the mean of the controls of the same cell, cells weighted by treated things. #}
{% macro own_change_deltas(cells, by) -%}
{%- set keys = by | join(', ') -%}
with cell as (
    select
        {{ keys }}, stratum,
        {{ to_double('sum(case when is_treated = 1 then weight else 0 end)') }} as w1,
        {{ to_double('sum(case when is_treated = 0 then weight else 0 end)') }} as w0,
        {{ to_double('sum(case when is_treated = 0 then weight * d else 0 end)') }} as sum0
    from {{ cells }} as given
    group by {{ keys }}, stratum
),

used as (
    select
        {% for column in by %}c.{{ column }}, {% endfor %}c.unit, c.is_treated,
        case when c.is_treated = 1 then c.weight else 0 end as own_weight,
        case when c.is_treated = 1 then c.weight * (c.d - cell.sum0 / cell.w0) else 0 end as own_sum,
        case when c.is_treated = 0 and cell.w0 - c.weight > 0
            then cell.w1 * ((cell.sum0 - c.weight * c.d) / (cell.w0 - c.weight) - cell.sum0 / cell.w0) else 0 end as shift_when_left_out
    from {{ cells }} as c
    inner join cell on {% for column in by %}c.{{ column }} = cell.{{ column }} and {% endfor %}c.stratum = cell.stratum
    where cell.w1 > 0 and cell.w0 > 0
),

per_unit as (
    select
        {{ keys }}, unit, max(is_treated) as is_treated,
        {{ to_double('sum(own_weight)') }} as own_weight, {{ to_double('sum(own_sum)') }} as own_sum,
        {{ to_double('sum(shift_when_left_out)') }} as shift_when_left_out
    from used
    group by {{ keys }}, unit
),

totals as (
    select
        {{ keys }}, unit, is_treated, own_weight, own_sum, shift_when_left_out,
        sum(own_weight) over every as all_weight, sum(own_sum) over every as all_sum
    from per_unit
    window every as (partition by {{ keys }})
)

select
    {{ keys }}, unit, is_treated, own_weight as events,
    all_sum / nullif(all_weight, 0) as estimate,
    (all_sum - own_sum - shift_when_left_out) / nullif(all_weight - own_weight, 0) - all_sum / nullif(all_weight, 0) as delta
from totals
{%- endmacro %}

{# Delete-one-unit jackknife over deltas: bias-corrected estimate, error, t interval with treated units - 1 degrees of freedom. #}
{% macro jackknife_interval(deltas, by) -%}
select
    {{ by | join(', ') }}, n_treated, n_control, events, estimate, error,
    estimate - {{ t975('(n_treated - 1)') }} * error as ci_low,
    estimate + {{ t975('(n_treated - 1)') }} * error as ci_high
from (
    select
        {{ by | join(', ') }},
        sum(is_treated) as n_treated, sum(1 - is_treated) as n_control, sum(events) as events,
        max(estimate) - sum(delta) as estimate,
        sqrt(sum(delta * delta)) as error
    from {{ deltas }} as given
    group by {{ by | join(', ') }}
) as sums
{%- endmacro %}
