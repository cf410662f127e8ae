{# Days, months and seconds. Later minus earlier; a missing value gives a missing answer. Dates come back as date. #}
{% macro days_between(earlier, later) %}{{ return(adapter.dispatch('days_between', 'learning_warehouse')(earlier, later)) }}{% endmacro %}
{% macro default__days_between(earlier, later) %}(cast({{ later }} as date) - cast({{ earlier }} as date)){% endmacro %}
{% macro duckdb__days_between(earlier, later) %}date_diff('day', cast({{ earlier }} as date), cast({{ later }} as date)){% endmacro %}
{% macro spark__days_between(earlier, later) %}datediff(cast({{ later }} as date), cast({{ earlier }} as date)){% endmacro %}

{% macro seconds_between(earlier, later) %}{{ return(adapter.dispatch('seconds_between', 'learning_warehouse')(earlier, later)) }}{% endmacro %}
{% macro default__seconds_between(earlier, later) %}cast(extract(epoch from ({{ to_timestamp(later) }} - {{ to_timestamp(earlier) }})) as bigint){% endmacro %}
{% macro duckdb__seconds_between(earlier, later) %}date_diff('second', {{ to_timestamp(earlier) }}, {{ to_timestamp(later) }}){% endmacro %}
{% macro spark__seconds_between(earlier, later) %}(unix_timestamp(cast({{ later }} as timestamp)) - unix_timestamp(cast({{ earlier }} as timestamp))){% endmacro %}

{% macro hours_between(earlier, later) %}({{ to_double(seconds_between(earlier, later)) }} / 3600.0){% endmacro %}

{% macro add_days(day, days) %}{{ return(adapter.dispatch('add_days', 'learning_warehouse')(day, days)) }}{% endmacro %}
{% macro default__add_days(day, days) %}cast(cast({{ day }} as date) + cast({{ days }} as integer) as date){% endmacro %}
{% macro spark__add_days(day, days) %}date_add(cast({{ day }} as date), cast({{ days }} as int)){% endmacro %}

{# The same day `months` later; the 31st becomes the last day of a shorter month. #}
{% macro add_months(day, months) %}{{ return(adapter.dispatch('add_months', 'learning_warehouse')(day, months)) }}{% endmacro %}
{% macro default__add_months(day, months) %}cast(cast({{ day }} as date) + cast({{ months }} as integer) * interval '1 month' as date){% endmacro %}
{% macro duckdb__add_months(day, months) %}cast(cast({{ day }} as date) + to_months(cast({{ months }} as integer)) as date){% endmacro %}
{% macro spark__add_months(day, months) %}add_months(cast({{ day }} as date), cast({{ months }} as int)){% endmacro %}

{# Number of month boundaries passed: 31 January to 1 February is 1. #}
{% macro calendar_months_between(earlier, later) -%}
    ((extract(year from cast({{ later }} as date)) - extract(year from cast({{ earlier }} as date))) * 12
    + extract(month from cast({{ later }} as date)) - extract(month from cast({{ earlier }} as date)))
{%- endmacro %}

{# Whole months completed: 15 January to 14 February is 0, to 15 February is 1. #}
{% macro whole_months_between(earlier, later) -%}
    cast(
        {{ calendar_months_between(earlier, later) }}
        - case when extract(day from cast({{ later }} as date)) < extract(day from cast({{ earlier }} as date)) then 1 else 0 end
        as bigint
    )
{%- endmacro %}

{% macro month_start(moment) %}cast(date_trunc('month', {{ to_timestamp(moment) }}) as date){% endmacro %}
{% macro quarter_start(moment) %}cast(date_trunc('quarter', {{ to_timestamp(moment) }}) as date){% endmacro %}
{# The Monday of the week. #}
{% macro week_start(moment) %}cast(date_trunc('week', {{ to_timestamp(moment) }}) as date){% endmacro %}
{% macro next_month_start(moment) %}{{ add_months(month_start(moment), 1) }}{% endmacro %}
{% macro days_in_month(moment) %}{{ days_between(month_start(moment), next_month_start(moment)) }}{% endmacro %}
{% macro seconds_in_month(moment) %}({{ days_in_month(moment) }} * 86400){% endmacro %}
{# A moment `days` later, to the second. #}
{% macro add_days_to_moment(moment, days) %}{{ return(adapter.dispatch('add_days_to_moment', 'learning_warehouse')(moment, days)) }}{% endmacro %}
{% macro default__add_days_to_moment(moment, days) %}({{ to_timestamp(moment) }} + cast({{ days }} as integer) * interval '1 day'){% endmacro %}
{% macro duckdb__add_days_to_moment(moment, days) %}({{ to_timestamp(moment) }} + to_days(cast({{ days }} as integer))){% endmacro %}

{# A moment `seconds` later. #}
{% macro add_seconds_to_moment(moment, seconds) %}{{ return(adapter.dispatch('add_seconds_to_moment', 'learning_warehouse')(moment, seconds)) }}{% endmacro %}
{% macro default__add_seconds_to_moment(moment, seconds) %}({{ to_timestamp(moment) }} + cast({{ seconds }} as integer) * interval '1 second'){% endmacro %}
{% macro duckdb__add_seconds_to_moment(moment, seconds) %}({{ to_timestamp(moment) }} + to_seconds(cast({{ seconds }} as bigint))){% endmacro %}
