{# Ratio of two rates when one unit can have many events: `units` names a relation with the columns in `by` plus is_treated (0 | 1), events and exposure,
   one row per independent unit. The error is that of a Poisson regression with units as clusters; poisson_log_error is what a reader who believes
   every event were independent would print. One row per `by`. #}
{% macro clustered_rate_ratio(units, by) -%}
{%- set keys = by | join(', ') -%}
with arms as (
    select
        {{ keys }}, is_treated, {{ to_double('count(*)') }} as n, {{ to_double('sum(events)') }} as x, {{ to_double('sum(exposure)') }} as t
    from {{ units }} as given
    group by {{ keys }}, is_treated
),

spreads as (
    select
        {% for column in by %}arms.{{ column }}, {% endfor %}arms.is_treated, max(arms.n) as n, max(arms.x) as x, max(arms.t) as t,
        sum(power({{ to_double('u.events') }} - arms.x / nullif(arms.t, 0) * u.exposure, 2)) as squares
    from {{ units }} as u
    inner join arms on {{ same('u', 'arms', by) }} and u.is_treated = arms.is_treated
    group by {% for column in by %}arms.{{ column }}, {% endfor %}arms.is_treated
),

parts as (
    select
        {{ keys }},
        max(case when is_treated = 1 and x > 0 and t > 0 then x / t end) as rate_treated,
        max(case when is_treated = 0 and x > 0 and t > 0 then x / t end) as rate_control,
        max(case when is_treated = 1 and n > 1 and x > 0 then squares / (x * x) * n / (n - 1) end) as v1,
        max(case when is_treated = 0 and n > 1 and x > 0 then squares / (x * x) * n / (n - 1) end) as v0,
        max(case when is_treated = 1 and x > 0 then 1 / x end) as p1,
        max(case when is_treated = 0 and x > 0 then 1 / x end) as p0,
        max(case when is_treated = 1 then n end) as n_treated,
        max(case when is_treated = 0 then n end) as n_control
    from spreads
    group by {{ keys }}
)

select
    {{ keys }}, n_treated, n_control, rate_treated / rate_control as estimate,
    sqrt(v1 + v0) as log_error, sqrt(p1 + p0) as poisson_log_error,
    {{ safe_exp('ln(rate_treated / rate_control) - ' ~ z975() ~ ' * sqrt(v1 + v0)') }} as ci_low,
    {{ safe_exp('ln(rate_treated / rate_control) + ' ~ z975() ~ ' * sqrt(v1 + v0)') }} as ci_high
from parts
{%- endmacro %}
