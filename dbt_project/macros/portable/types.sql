{# Type names that mean the same on every engine. dbt's own type_float() is 32 bits wide on two of them: never use it. #}
{% macro type_double() %}{{ return(adapter.dispatch('type_double', 'learning_warehouse')()) }}{% endmacro %}
{% macro default__type_double() %}double precision{% endmacro %}
{% macro duckdb__type_double() %}double{% endmacro %}
{% macro spark__type_double() %}double{% endmacro %}

{% macro type_text() %}{{ return(adapter.dispatch('type_text', 'learning_warehouse')()) }}{% endmacro %}
{% macro default__type_text() %}varchar{% endmacro %}
{% macro spark__type_text() %}string{% endmacro %}

{% macro type_timestamp() %}{{ return(adapter.dispatch('type_timestamp', 'learning_warehouse')()) }}{% endmacro %}
{% macro default__type_timestamp() %}timestamp{% endmacro %}
{% macro spark__type_timestamp() %}timestamp_ntz{% endmacro %}

{% macro to_text(value) %}cast({{ value }} as {{ type_text() }}){% endmacro %}
{# A text that says something, else missing. #}
{% macro to_filled(value) %}nullif(trim({{ to_text(value) }}), ''){% endmacro %}
{% macro to_double(value) %}cast({{ value }} as {{ type_double() }}){% endmacro %}
{% macro to_count(value) %}cast({{ value }} as bigint){% endmacro %}
{% macro to_date(value) %}cast({{ value }} as date){% endmacro %}
{% macro to_timestamp(value) %}cast({{ value }} as {{ type_timestamp() }}){% endmacro %}
{% macro to_flag(value) %}cast({{ value }} as boolean){% endmacro %}
