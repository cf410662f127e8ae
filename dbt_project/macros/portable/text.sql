{# Text helpers. starts_with is case-sensitive and never true for a missing text or prefix. #}
{% macro starts_with(value, prefix) -%}
    (substring({{ value }}, 1, length({{ prefix }})) = {{ prefix }})
{%- endmacro %}

{# 32 hex characters over several columns; a missing value and an empty text differ. #}
{% macro hash_key(columns) -%}
    md5({% for column in columns %}coalesce(cast({{ column }} as {{ type_text() }}), '~'){% if not loop.last %} || '|' || {% endif %}{% endfor %})
{%- endmacro %}

{# All texts of a group in alphabetical order, joined; no rows or only missing texts give a missing answer. #}
{% macro text_list(value, separator=', ') %}{{ return(adapter.dispatch('text_list', 'learning_warehouse')(value, separator)) }}{% endmacro %}
{% macro default__text_list(value, separator) %}string_agg({{ value }}, '{{ separator }}' order by {{ value }}){% endmacro %}
{% macro spark__text_list(value, separator) %}nullif(concat_ws('{{ separator }}', sort_array(collect_list({{ value }}))), ''){% endmacro %}

{# The part of an address or host behind the last @, without a leading www., in lower case. #}
{% macro web_domain(value) -%}
    nullif(regexp_replace(regexp_replace(lower(trim({{ value }})), '^https?://', ''), '^www\.|/.*$', '', 'g'), '')
{%- endmacro %}
