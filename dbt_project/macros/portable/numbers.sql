{# A share of two numbers as double: missing when the denominator is 0 or missing. #}
{% macro ratio(numerator, denominator) -%}
    (cast({{ numerator }} as {{ type_double() }}) / nullif(cast({{ denominator }} as {{ type_double() }}), 0))
{%- endmacro %}

{# The nearest whole number, halves up. A plain cast of a number with fractions cuts on Spark, and rounds halves to even on PostgreSQL; a sum that is
   half a number may end a bit below it, and not on every engine: hence the millionth. #}
{% macro to_nearest(value) %}cast(floor(({{ value }}) + 0.500001) as bigint){% endmacro %}

{% macro one_if(condition) %}(case when {{ condition }} then 1 else 0 end){% endmacro %}

{% macro median(value) %}percentile_cont(0.5) within group (order by {{ value }}){% endmacro %}

{# A select of whole numbers 0 .. upper - 1 in column `n`; upper is a plain number known while compiling. #}
{% macro whole_numbers(upper) -%}
    {%- set digits = [10, 100, 1000, 10000, 100000] -%}
    {%- set places = namespace(count=1) -%}
    {%- for size in digits -%}{%- if size < upper -%}{%- set places.count = loop.index + 1 -%}{%- endif -%}{%- endfor -%}
    select
        cast({% for place in range(places.count) %}d{{ place }}.digit * {{ 10 ** place }}{% if not loop.last %} + {% endif %}{% endfor %} as integer) as n
    from
        {%- for place in range(places.count) %}
        {% if not loop.first %}cross join {% endif %}(
            select 0 as digit union all select 1 union all select 2 union all select 3 union all select 4
            union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
        ) as d{{ place }}
        {%- endfor %}
    where
        {% for place in range(places.count) %}d{{ place }}.digit * {{ 10 ** place }}{% if not loop.last %} + {% endif %}{% endfor %} < {{ upper }}
{%- endmacro %}
