{# Difference of two groups' means. `units` names a relation with the columns in `by` plus is_treated (0 | 1) and y; one row per independent unit. #}

{# Welch: unequal variances, Welch-Satterthwaite degrees of freedom, t interval. #}
{% macro welch(units, by) -%}
select
    {{ by | join(', ') }}, n_treated, n_control, mean_treated, mean_control,
    mean_treated - mean_control as estimate, error, df,
    mean_treated - mean_control - {{ t975('df') }} * error as ci_low,
    mean_treated - mean_control + {{ t975('df') }} * error as ci_high
from (
    select
        {{ by | join(', ') }}, n_treated, n_control, mean_treated, mean_control,
        sqrt(v1 + v0) as error,
        power(v1 + v0, 2) / nullif(power(v1, 2) / (n_treated - 1) + power(v0, 2) / (n_control - 1), 0) as df
    from (
        select
            {{ by | join(', ') }}, n_treated, n_control, mean_treated, mean_control,
            case when n_treated > 1 then var_treated / n_treated end as v1,
            case when n_control > 1 then var_control / n_control end as v0
        from (
            select
                {{ by | join(', ') }},
                {{ to_double('count(case when is_treated = 1 then y end)') }} as n_treated,
                {{ to_double('count(case when is_treated = 0 then y end)') }} as n_control,
                avg(case when is_treated = 1 then {{ to_double('y') }} end) as mean_treated,
                avg(case when is_treated = 0 then {{ to_double('y') }} end) as mean_control,
                var_samp(case when is_treated = 1 then {{ to_double('y') }} end) as var_treated,
                var_samp(case when is_treated = 0 then {{ to_double('y') }} end) as var_control
            from {{ units }} as given
            group by {{ by | join(', ') }}
        ) as groups
    ) as parts
) as errors
{%- endmacro %}

{# CUPED: `units` also has x, the same measure before the start. The slope is pooled within the arms (= the ANCOVA coefficient);
   t with n - 3 degrees of freedom. Missing below 10 units an arm. #}
{% macro cuped(units, by) -%}
select
    {{ by | join(', ') }}, n_treated, n_control, slope,
    case when enough then estimate end as estimate,
    case when enough then error end as error,
    case when enough then estimate - {{ t975('df') }} * error end as ci_low,
    case when enough then estimate + {{ t975('df') }} * error end as ci_high
from (
    select
        {{ by | join(', ') }}, n1 as n_treated, n0 as n_control, slope, n1 + n0 - 3 as df, n1 >= 10 and n0 >= 10 as enough,
        y1 - y0 - slope * (x1 - x0) as estimate,
        {{ safe_sqrt('(vy1 + slope * slope * vx1 - 2 * slope * c1) / n1 + (vy0 + slope * slope * vx0 - 2 * slope * c0) / n0') }} as error
    from (
        select
            {{ by | join(', ') }}, n1, n0, y1, y0, x1, x0, vy1, vy0, vx1, vx0, c1, c0,
            ((n1 - 1) * c1 + (n0 - 1) * c0) / nullif((n1 - 1) * vx1 + (n0 - 1) * vx0, 0) as slope
        from (
            select
                {{ by | join(', ') }},
                {%- for arm in [1, 0] %}
                {%- set y = 'case when is_treated = ' ~ arm ~ ' and x is not null then ' ~ to_double('y') ~ ' end' %}
                {%- set x = 'case when is_treated = ' ~ arm ~ ' and y is not null then ' ~ to_double('x') ~ ' end' %}
                {{ to_double('count(' ~ y ~ ')') }} as n{{ arm }},
                avg({{ y }}) as y{{ arm }}, avg({{ x }}) as x{{ arm }},
                var_samp({{ y }}) as vy{{ arm }}, var_samp({{ x }}) as vx{{ arm }},
                covar_samp({{ y }}, {{ x }}) as c{{ arm }}{% if not loop.last %},{% endif %}
                {%- endfor %}
            from {{ units }} as given
            group by {{ by | join(', ') }}
        ) as groups
    ) as slopes
) as adjusted
{%- endmacro %}
