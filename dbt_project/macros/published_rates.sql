{# Several rates of one table, published by one rule. Each of `rates` is a dictionary:
     name, n (numerator, or how many things a mean or a median stands on), denominator, people (distinct people in it); and where they matter
     value (the mean or median itself; a rate without one is n / denominator), interval (true: Wilson limits), low and high (limits of a mean),
     reaches (condition: a source holds it), due (condition: its time has passed). #}

{# All columns of `cells` and <name>_state of each rate: small groups are held back within `parent`, rows that meet `total` are their total. #}
{% macro with_rate_states(cells, keys, parent, total, rates) -%}
select
    cells.*,
    {% for rate in rates -%}
    {{ rate_state(
        'cells.' ~ rate.denominator,
        '(' ~ rate_is_shown('cells.' ~ rate.people) ~ ' and coalesce(' ~ rate.name ~ '_shown.is_kept, true))',
        reaches_us='cells.' ~ rate.reaches if rate.reaches else 'true',
        is_due='cells.' ~ rate.due if rate.due else 'true'
    ) }} as {{ rate.name }}_state{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ cells }} as cells
{% for rate in rates %}
left join (
    {% set groups = '(select ' ~ keys | join(', ') ~ ', ' ~ rate.people ~ ' as people, ' ~ rate_is_shown(rate.people) ~ ' as is_kept from '
        ~ cells ~ ' where not (' ~ total ~ '))' -%}
    {{ hold_back_neighbors(groups, keys, parent) }}
) as {{ rate.name }}_shown
    on {{ same('cells', rate.name ~ '_shown', keys) }}
{% endfor %}
{%- endmacro %}

{# The published columns of these rates. #}
{% macro published_rates(rates) -%}
{% for rate in rates -%}
{% if rate.value -%}
case when {{ rate.name }}_state = 'reads' then {{ to_double(rate.value) }} end as {{ rate.name }},
    case when {{ rate.name }}_state = 'reads' then {{ to_count(rate.n) }} end as {{ rate.name }}_n,
    case when {{ rate.name }}_state = 'reads' then {{ to_count(rate.people) }} end as {{ rate.name }}_denominator,
    {{ to_text(rate.name ~ '_state') }} as {{ rate.name }}_state
    {%- if rate.low %},
    case when {{ rate.name }}_state = 'reads' then {{ to_double(rate.low) }} end as {{ rate.name }}_low,
    case when {{ rate.name }}_state = 'reads' then {{ to_double(rate.high) }} end as {{ rate.name }}_high
    {%- endif %}
{%- else -%}
{{ rate_columns(rate.name, rate.n, rate.denominator, rate.name ~ '_state') }}
    {%- if rate.interval %},
    {{ rate_interval(rate.name, rate.n, rate.denominator, rate.name ~ '_state') }}
    {%- endif %}
{%- endif %}
{%- if not loop.last %},
    {% endif %}
{%- endfor %}
{%- endmacro %}

{# The two limits of a mean over people: t interval from its spread. #}
{% macro mean_low(mean, spread, people) %}({{ mean }} - {{ t975('(' ~ people ~ ' - 1)') }} * {{ spread }} / sqrt({{ to_double(people) }})){% endmacro %}
{% macro mean_high(mean, spread, people) %}({{ mean }} + {{ t975('(' ~ people ~ ' - 1)') }} * {{ spread }} / sqrt({{ to_double(people) }})){% endmacro %}

{# The same for a tree of totals: cells below `inner`, their sums below `outer`, and one total of all; each of the two is (column, condition of its
   total). A sum that is held back takes its cells with it, or they would give it away. #}
{% macro with_rate_states_in_a_tree(cells, keys, inner, outer, rates) -%}
{% set above = keys | reject('equalto', inner[0]) | list -%}
{% set beside = above | reject('equalto', outer[0]) | list -%}
with
{% for rate in rates %}
{% set sums = '(select ' ~ above | join(', ') ~ ', ' ~ rate.people ~ ' as people, ' ~ rate_is_shown(rate.people) ~ ' as is_kept from '
    ~ cells ~ ' where ' ~ inner[1] ~ ' and not (' ~ outer[1] ~ '))' -%}
{{ rate.name }}_sums as (
    {{ hold_back_neighbors(sums, above, beside) }}
),

{{ rate.name }}_judged as (
    select
        {% for key in keys %}cells.{{ key }}, {% endfor %}cells.{{ rate.people }} as people,
        {{ rate_is_shown('cells.' ~ rate.people) }} and coalesce({{ rate.name }}_sums.is_kept, false) as is_kept
    from (select * from {{ cells }} where not ({{ inner[1] }})) as cells
    left join {{ rate.name }}_sums on {{ same('cells', rate.name ~ '_sums', above) }}
),

{{ rate.name }}_cells as (
    {{ hold_back_neighbors(rate.name ~ '_judged', keys, above) }}
),

{% endfor %}
joined as (
    select
        cells.*{% for rate in rates %},
        case
            when cells.is_total then {{ rate_is_shown('cells.' ~ rate.people) }}
            when cells.is_sum then coalesce({{ rate.name }}_sums.is_kept, false)
            else coalesce({{ rate.name }}_cells.is_kept, false)
        end as {{ rate.name }}_is_kept{% endfor %}
    from (
        select *, {{ inner[1] }} as is_sum, {{ inner[1] }} and {{ outer[1] }} as is_total
        from {{ cells }}
    ) as cells
    {% for rate in rates %}
    left join {{ rate.name }}_sums on {{ same('cells', rate.name ~ '_sums', above) }}
    left join {{ rate.name }}_cells on {{ same('cells', rate.name ~ '_cells', keys) }}
    {% endfor %}
)

select
    joined.*,
    {% for rate in rates -%}
    {{ rate_state(
        'joined.' ~ rate.denominator,
        'joined.' ~ rate.name ~ '_is_kept',
        reaches_us='joined.' ~ rate.reaches if rate.reaches else 'true',
        is_due='joined.' ~ rate.due if rate.due else 'true'
    ) }} as {{ rate.name }}_state{% if not loop.last %},{% endif %}
    {% endfor %}
from joined
{%- endmacro %}
