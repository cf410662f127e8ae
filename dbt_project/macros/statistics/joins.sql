{# `left.a = right.a and left.b = right.b` for a list of columns. #}
{% macro same(left, right, columns) -%}
    {% for column in columns %}{{ left }}.{{ column }} = {{ right }}.{{ column }}{% if not loop.last %} and {% endif %}{% endfor %}
{%- endmacro %}
