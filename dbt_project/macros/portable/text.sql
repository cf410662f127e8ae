{# Text helpers. starts_with is case-sensitive and never true for a missing text or prefix. #}
{% macro starts_with(value, prefix) -%}
    (substring({{ value }}, 1, length({{ prefix }})) = {{ prefix }})
{%- endmacro %}



{# The bare host of a web address: without scheme, leading www. and path, in lower case; missing when nothing is left. #}
{% macro web_domain(value) -%}
    nullif({{ replaced(replaced('lower(trim(' ~ value ~ '))', '^https?://', ''), '^www[.]|/.*$', '') }}, '')
{%- endmacro %}

{# Every match of a regular expression replaced. Write [.] for a dot: backslashes differ between engines. #}
{% macro replaced(value, pattern, replacement) %}{{ return(adapter.dispatch('replaced', 'learning_warehouse')(value, pattern, replacement)) }}{% endmacro %}
{% macro default__replaced(value, pattern, replacement) %}regexp_replace({{ value }}, '{{ pattern }}', '{{ replacement }}', 'g'){% endmacro %}
{% macro spark__replaced(value, pattern, replacement) %}regexp_replace({{ value }}, '{{ pattern }}', '{{ replacement }}'){% endmacro %}

{# The regular expression for a run of white space: Java takes [[:space:]] for a set of letters. #}
{% macro blanks() %}{{ return(adapter.dispatch('blanks', 'learning_warehouse')()) }}{% endmacro %}
{% macro default__blanks() %}[[:space:]]+{% endmacro %}
{% macro spark__blanks() %}\\s+{% endmacro %}

{# A person's name as a key: case and doubled blanks do not matter. Used to compare names, never to publish them. #}
{% macro name_key(value) -%}
    md5(nullif(lower(trim({{ replaced(value, blanks(), ' ') }})), ''))
{%- endmacro %}

{# A text of our own as an SQL literal, quotes doubled. Never used for values of a source. #}
{% macro text_literal(value) %}'{{ value | replace("'", "''") }}'{% endmacro %}

{# What the first group of a regular expression matched, missing where it matched nothing. Write [.] for a dot, as above. #}
{% macro matched(value, pattern) %}{{ return(adapter.dispatch('matched', 'learning_warehouse')(value, pattern)) }}{% endmacro %}
{% macro default__matched(value, pattern) %}nullif(regexp_extract({{ value }}, '{{ pattern }}', 1), ''){% endmacro %}
{% macro postgres__matched(value, pattern) %}substring({{ value }} from '{{ pattern }}'){% endmacro %}
