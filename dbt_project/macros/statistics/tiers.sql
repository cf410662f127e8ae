{# How sure a row may sound. A tier is computed here and never typed: associated (adjusted observation), supported (own past against units
   not yet started, with clean checks), proven (randomized). A failed check makes the row unreliable whatever its interval says. #}
{% macro tier_of(state, failed_checks, best) -%}
    (case when {{ state }} <> 'reads' then 'withheld' when {{ failed_checks }} <> '' then 'unreliable' else {{ best }} end)
{%- endmacro %}

{# 'overlap,balance' from [('overlap', condition), ...]: names of conditions that are true; '' when none is. #}
{% macro names_of_true(checks) -%}
    substring({% for name, condition in checks %}case when {{ condition }} then ',{{ name }}' else '' end{% if not loop.last %} || {% endif %}{% endfor %}, 2)
{%- endmacro %}

{# An interval that leaves no effect (1 for a ratio, 0 for a difference) outside. #}
{% macro leaves_out(value, low, high) %}({{ low }} > {{ value }} or {{ high }} < {{ value }}){% endmacro %}
