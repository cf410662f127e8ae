{# How much may be said: equivalence, looks at any time, what a design can show, and signals in a series of months. #}

{# A 90 % interval (its ends are the two one-sided 5 % tests): no measurable change is a claim that needs it inside -margin .. margin. #}
{% macro equivalence_low(estimate, error, df) %}({{ estimate }} - {{ t95(df) }} * {{ error }}){% endmacro %}
{% macro equivalence_high(estimate, error, df) %}({{ estimate }} + {{ t95(df) }} * {{ error }}){% endmacro %}
{% macro is_equivalent(estimate, error, df, margin) -%}
    coalesce({{ equivalence_low(estimate, error, df) }} > -{{ margin }} and {{ equivalence_high(estimate, error, df) }} < {{ margin }}, false)
{%- endmacro %}

{# Half width of a 95 % band that stays true however often one looks (asymptotic confidence sequence of Waudby-Smith et al.): error is that of the
   estimate from `n` units so far; the band is tightest near `planned_n`. Missing without units. #}
{% macro always_valid_margin(error, n, planned_n) -%}
{%- set rho2 = '(7.936154601737565 / nullif(' ~ to_double(planned_n) ~ ', 0))' -%}
    (case when {{ n }} > 0 then
        {{ error }} * sqrt(
            2 * ({{ to_double(n) }} * {{ rho2 }} + 1) / ({{ to_double(n) }} * {{ rho2 }})
            * ln(sqrt({{ to_double(n) }} * {{ rho2 }} + 1) / 0.05)
        )
    end)
{%- endmacro %}

{# Smallest true difference of means that n1 against n0 units would find in 4 of 5 cases (two-sided 5 %): `spread` is the standard deviation of a unit,
   `correlation` that with its value before the start (0 without one). #}
{% macro detectable_difference(spread, n1, n0, correlation='0') -%}
    (case when {{ n1 }} + {{ n0 }} > 2 then
        ({{ t975('(' ~ n1 ~ ' + ' ~ n0 ~ ' - 2)') }} + {{ t80('(' ~ n1 ~ ' + ' ~ n0 ~ ' - 2)') }})
        * {{ spread }} * {{ safe_sqrt('1 - power(' ~ to_double(correlation) ~ ', 2)') }}
        * sqrt({{ ratio('1', n1) }} + {{ ratio('1', n0) }})
    end)
{%- endmacro %}

{# Natural process limits (XmR): `points` names a relation with the columns in `by` plus period (sortable) and value. One row per point with the mean, the
   limits (mean +- 2.66 mean moving ranges; missing below 12 points) and is_signal: outside them, or the last of 8 in a row on one side of the mean. #}
{% macro natural_process_limits(points, by) -%}
{%- set keys = by | join(', ') -%}
with ranges as (
    select
        {{ keys }}, period, {{ to_double('value') }} as value,
        abs({{ to_double('value') }} - lag({{ to_double('value') }}) over (partition by {{ keys }} order by period)) as moving_range
    from {{ points }} as given
    where value is not null
),

centers as (
    select {{ keys }}, count(*) as n, avg(value) as mean, avg(moving_range) as mean_range
    from ranges
    group by {{ keys }}
),

sides as (
    select
        {% for column in by %}ranges.{{ column }}, {% endfor %}ranges.period, ranges.value, centers.n, centers.mean,
        case when centers.n >= 12 then centers.mean - 3 / 1.1283791670955126 * centers.mean_range end as limit_low,
        case when centers.n >= 12 then centers.mean + 3 / 1.1283791670955126 * centers.mean_range end as limit_high,
        sum(case when ranges.value > centers.mean then 1 when ranges.value < centers.mean then -1 else 0 end) over (
            partition by {% for column in by %}ranges.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %} order by ranges.period
            rows between 7 preceding and current row
        ) as run_of_eight
    from ranges
    inner join centers on {{ same('ranges', 'centers', by) }}
)

select
    {{ keys }}, period, value, n, mean, limit_low, limit_high,
    n >= 12 and (value < limit_low or value > limit_high or abs(run_of_eight) = 8) as is_signal
from sides
{%- endmacro %}
