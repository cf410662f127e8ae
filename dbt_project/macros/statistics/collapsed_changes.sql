{# Difference in differences with one number per unit. `panel` names a relation with the columns in `by` plus unit, is_treated (0 | 1), is_after (0 | 1)
   and y. Each unit's months before and after become two means, and Welch compares the changes: units are the clusters. One row per `by`. #}
{% macro collapsed_change(panel, by) -%}
with changes as (
    select
        {{ by | join(', ') }}, unit, is_treated,
        avg(case when is_after = 1 then {{ to_double('y') }} end) - avg(case when is_after = 0 then {{ to_double('y') }} end) as y
    from {{ panel }} as given
    group by {{ by | join(', ') }}, unit, is_treated
)

{{ welch('changes', by) }}
{%- endmacro %}
