{# Wide marts are built long: one row per group and measure (columns: keys, measure, people, hits, denominator, amount), then every measure gets
   its state in one pass and becomes four columns. `people` are the distinct people the denominator is about. #}

{# Adds `state` to long measures. Groups of one `parent` share a total; `is_total` says which rows are that total. Numbers leave only where the state reads. #}
{% macro stated_measures(measures, keys, parent, is_total) -%}
with groups as (
    select {{ keys | join(', ') }}, measure, people, {{ rate_is_shown('people') }} as is_kept
    from {{ measures }} as given
    where not ({{ is_total }})
),

shown as (
    {{ hold_back_neighbors('groups', keys + ['measure'], parent + ['measure']) }}
)

select
    {% for key in keys %}m.{{ key }}, {% endfor %}m.measure, m.people, m.hits, m.denominator, m.amount,
    {{ rate_state('m.denominator', '(' ~ rate_is_shown('m.people') ~ ' and coalesce(shown.is_kept, true))') }} as state
from {{ measures }} as m
left join shown on {{ same('m', 'shown', keys + ['measure']) }}
{%- endmacro %}

{# One row per `keys`, with name, name_n, name_denominator and name_state for every name; a missing measure has a missing state. #}
{% macro pivoted_measures(stated, keys, names) -%}
select
    {{ keys | join(', ') }}
    {%- for name in names %},
    max(case when measure = '{{ name }}' and state = 'reads' then amount end) as {{ name }},
    max(case when measure = '{{ name }}' and state = 'reads' then hits end) as {{ name }}_n,
    max(case when measure = '{{ name }}' and state in ('reads', 'nothing_recorded') then denominator end) as {{ name }}_denominator,
    max(case when measure = '{{ name }}' then state end) as {{ name }}_state
    {%- endfor %}
from {{ stated }} as given
group by {{ keys | join(', ') }}
{%- endmacro %}

{# The four published columns of a pivoted measure `p`, for groups it has no row for as well. Sums of hours are told to the nearest hour. #}
{% macro measure_columns(name, reaches='true', is_due='true', p='pivoted') -%}
    {% set state -%}
    (case when not {{ reaches }} then 'no_data_reaches_us' when not {{ is_due }} then 'not_due' else coalesce({{ p }}.{{ name }}_state, 'nothing_recorded') end)
    {%- endset -%}
    case when {{ state }} = 'reads' then {{ to_double(p ~ '.' ~ name) }} end as {{ name }},
    case when {{ state }} = 'reads' then {{ to_nearest(p ~ '.' ~ name ~ '_n') }} end as {{ name }}_n,
    case
        when {{ state }} = 'reads' then {{ to_nearest(p ~ '.' ~ name ~ '_denominator') }}
        when {{ state }} = 'nothing_recorded' then {{ to_count('0') }}
    end as {{ name }}_denominator,
    {{ to_text(state) }} as {{ name }}_state
{%- endmacro %}


{# The aggregates in the body of the call, counted once over the whole company ('All departments') and once for each department. #}
{% macro by_department(relation, keys=['company_id', 'month_start']) -%}
{% for unit in ["'All departments'", 'department'] %}
select
    {{ keys | join(', ') }}, {{ unit }} as department,
    {{ caller() }}
from {{ relation }}
group by {{ keys | join(', ') }}{% if unit == 'department' %}, department{% endif %}
{% if not loop.last %}union all{% endif %}
{% endfor %}
{%- endmacro %}
