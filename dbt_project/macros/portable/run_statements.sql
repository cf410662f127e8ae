{# `dbt run-operation run_statements`: how our own code speaks to an engine whose client only dbt has. #}
{% macro run_statements(statements) %}
    {%- for statement in statements -%}{%- do run_query(statement) -%}{%- endfor -%}
{% endmacro %}
