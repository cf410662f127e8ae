{# A person's name as a key: case and doubled blanks do not matter. Used to compare names, never to publish them. #}
{% macro name_key(value) -%}
    md5(nullif(lower(trim(regexp_replace({{ value }}, '\s+', ' ', 'g'))), ''))
{%- endmacro %}
