{# The schema is exactly the one a model is configured with: staging, intermediate, core, marts, restricted. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
