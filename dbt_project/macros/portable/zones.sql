{# The wall clock of a time zone (a column or a quoted name such as 'Europe/Berlin') at a UTC moment, as a moment without zone. #}
{% macro to_local_time(moment, zone) %}{{ return(adapter.dispatch('to_local_time', 'learning_warehouse')(moment, zone)) }}{% endmacro %}
{% macro default__to_local_time(moment, zone) %}timezone({{ zone }}, timezone('UTC', {{ to_timestamp(moment) }})){% endmacro %}
{% macro postgres__to_local_time(moment, zone) %}timezone({{ zone }}, timezone('UTC', {{ to_timestamp(moment) }})){% endmacro %}
{% macro spark__to_local_time(moment, zone) %}convert_timezone('UTC', {{ zone }}, {{ to_timestamp(moment) }}){% endmacro %}
