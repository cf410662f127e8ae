{# HubSpot lists the ids that were merged into an object as one text, 12;34: the same as a JSON array of texts. #}
{% macro merged_ids(column) -%}
'["' || {{ replaced(column, ' *; *', '","') }} || '"]'
{%- endmacro %}
