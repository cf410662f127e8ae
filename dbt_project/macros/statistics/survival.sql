{# Curves over time with censoring. `times` names a relation with the columns in `by` plus t (whole days) and outcome:
   'event', 'competing' (it can no longer happen) or 'censored' (not yet known). #}

{# Kaplan-Meier steps with Greenwood's error and the log-log band; a competing end counts as censored. #}
{% macro kaplan_meier(times, by) -%}
select
    {{ by | join(', ') }}, t, at_risk, events, survival, survival * sqrt(greenwood) as error,
    case when survival > 0 and survival < 1 then power(survival, exp({{ z975() }} * sqrt(greenwood) / abs(ln(survival)))) end as survival_low,
    case when survival > 0 and survival < 1 then power(survival, exp(-{{ z975() }} * sqrt(greenwood) / abs(ln(survival)))) end as survival_high
from (
    select
        {{ by | join(', ') }}, t, at_risk, events,
        exp(sum(case when events < at_risk then ln(1 - events / at_risk) else 0 end) over running)
        * (1 - max(case when events = at_risk then 1 else 0 end) over running) as survival,
        sum(case when events < at_risk then events / (at_risk * (at_risk - events)) else 0 end) over running as greenwood
    from (
        select
            {{ by | join(', ') }}, t, {{ to_double('events') }} as events,
            {{ to_double('sum(leaving) over (partition by ' ~ by | join(', ') ~ ' order by t desc rows between unbounded preceding and current row)') }} as at_risk
        from (
            select {{ by | join(', ') }}, t, sum(case when outcome = 'event' then 1 else 0 end) as events, count(*) as leaving
            from {{ times }} as given
            group by {{ by | join(', ') }}, t
        ) as per_time
    ) as risk_sets
    window running as (partition by {{ by | join(', ') }} order by t rows between unbounded preceding and current row)
) as steps
{%- endmacro %}

{# The first time the curve is at or below one half, with the Brookmeyer-Crowley interval; missing when it never gets there. #}
{% macro kaplan_meier_median(times, by) -%}
select
    {{ by | join(', ') }},
    min(case when survival <= 0.5 + 1e-9 then t end) as median_t,
    min(case when coalesce(survival_low, case when survival = 0 then 0 else 1 end) <= 0.5 + 1e-9 then t end) as median_low,
    min(case when coalesce(survival_high, case when survival = 0 then 0 else 1 end) <= 0.5 + 1e-9 then t end) as median_high
from ({{ kaplan_meier(times, by) }}) as curve
group by {{ by | join(', ') }}
{%- endmacro %}

{# Aalen-Johansen share with the event by `horizon` (a number, or a column of `times` that is one value per group), competing ends kept in,
   with the delta-method error. #}
{% macro aalen_johansen_share(times, by, horizon) -%}
with per_time as (
    select
        {{ by | join(', ') }}, t, max({{ horizon }}) as horizon,
        {{ to_double("sum(case when outcome = 'event' then 1 else 0 end)") }} as events,
        {{ to_double("sum(case when outcome in ('event', 'competing') then 1 else 0 end)") }} as ends,
        count(*) as leaving
    from {{ times }} as given
    group by {{ by | join(', ') }}, t
),

risk_sets as (
    select
        {{ by | join(', ') }}, t, horizon, events, ends,
        {{ to_double('sum(leaving) over (partition by ' ~ by | join(', ') ~ ' order by t desc rows between unbounded preceding and current row)') }} as at_risk
    from per_time
),

factors as (
    select
        {{ by | join(', ') }}, t, horizon, events, ends, at_risk,
        coalesce(
            exp(sum(case when ends < at_risk then ln(1 - ends / at_risk) else 0 end) over before)
            * (1 - max(case when ends = at_risk then 1 else 0 end) over before),
            1
        ) as surviving_before
    from risk_sets
    window before as (partition by {{ by | join(', ') }} order by t rows between unbounded preceding and 1 preceding)
),

steps as (
    select
        {{ by | join(', ') }}, t, horizon, events, ends, at_risk, surviving_before,
        sum(surviving_before * events / at_risk) over (partition by {{ by | join(', ') }} order by t rows between unbounded preceding and current row) as share
    from factors
    where t <= horizon
),

at_horizon as (
    select {{ by | join(', ') }}, t, events, ends, at_risk, surviving_before, share, max(share) over (partition by {{ by | join(', ') }}) as final_share
    from steps
)

select
    {{ by | join(', ') }},
    max(final_share) as share,
    {{ safe_sqrt('greatest(sum(
        case when at_risk > ends then power(final_share - share, 2) * ends / (at_risk * (at_risk - ends)) else 0 end
        + power(surviving_before, 2) * events * (at_risk - events) / power(at_risk, 3)
        - 2 * (final_share - share) * surviving_before * events / power(at_risk, 2)
    ), 0)') }} as share_error
from at_horizon
group by {{ by | join(', ') }}
{%- endmacro %}
