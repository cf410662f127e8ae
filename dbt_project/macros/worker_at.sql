{# The row of dim_worker_history that was valid when something happened: a join to write after `from ... as events`. Half open: [valid_from, valid_to).
   An open end is a far date: `or valid_to is null` would make a left join a nested loop on DuckDB. #}
{% macro worker_at(alias, events, person, moment, kind='inner') -%}
{{ kind }} join {{ ref('dim_worker_history') }} as {{ alias }}
    on {{ events }}.company_id = {{ alias }}.company_id and {{ events }}.{{ person }} = {{ alias }}.person_key
    and {{ to_date(events ~ '.' ~ moment) }} >= {{ alias }}.valid_from
    and {{ to_date(events ~ '.' ~ moment) }} < coalesce({{ alias }}.valid_to, date '9999-12-31')
{%- endmacro %}
