{# Seconds since 1970 as a moment in UTC; 0, which stands for never, and a missing value give none. #}
{% macro moment_of_epoch(seconds) %}{{ return(adapter.dispatch('moment_of_epoch', 'learning_warehouse')(seconds)) }}{% endmacro %}
{% macro default__moment_of_epoch(seconds) %}(cast('1970-01-01' as timestamp) + nullif({{ seconds }}, 0) * interval '1 second'){% endmacro %}
{% macro duckdb__moment_of_epoch(seconds) %}make_timestamp(nullif(cast({{ seconds }} as bigint), 0) * 1000000){% endmacro %}
{% macro spark__moment_of_epoch(seconds) %}(cast('1970-01-01' as timestamp_ntz) + make_dt_interval(0, 0, 0, nullif({{ seconds }}, 0))){% endmacro %}

{# The first eight hexadecimal digits of a text as a whole number. #}
{% macro number_of_hex8(value) -%}
    (
        {%- for place in range(8) %}
        cast(position(substring(lower({{ value }}), {{ place + 1 }}, 1) in '0123456789abcdef') - 1 as bigint) * {{ 16 ** (7 - place) }}
        {%- if not loop.last %} +{% endif %}
        {%- endfor %}
    )
{%- endmacro %}
