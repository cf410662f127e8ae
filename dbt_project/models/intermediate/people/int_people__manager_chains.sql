{# From each worker up: the manager, the manager's manager, ten steps at most, each step for the time in which all of it held.
   A step that would come back to a worker already on the way is the last one (closes_cycle): so a cycle ends, and always there. #}
{%- set deepest = 10 %}
with steps as (
    select person_key, manager_person_key, valid_from, valid_to
    from {{ ref('int_people__managers_resolved') }}
    where manager_person_key is not null
),

depth_1 as (
    select
        manager_person_key,
        person_key,
        1 as depth,
        valid_from,
        valid_to,
        manager_person_key = person_key as closes_cycle,
        {{ to_text("'|' || person_key || '|' || manager_person_key || '|'") }} as way
    from steps
)
{%- for depth in range(2, deepest + 1) %},

depth_{{ depth }} as (
    select
        steps.manager_person_key,
        below.person_key,
        {{ depth }} as depth,
        case when steps.valid_from > below.valid_from then steps.valid_from else below.valid_from end as valid_from,
        case
            when below.valid_to is null then steps.valid_to
            when steps.valid_to < below.valid_to then steps.valid_to
            else below.valid_to
        end as valid_to,
        position('|' || steps.manager_person_key || '|' in below.way) > 0 as closes_cycle,
        {{ to_text("below.way || steps.manager_person_key || '|'") }} as way
    from depth_{{ depth - 1 }} as below
    inner join steps
        on below.manager_person_key = steps.person_key
        and (below.valid_to is null or steps.valid_from < below.valid_to)
        and (steps.valid_to is null or below.valid_from < steps.valid_to)
    where not below.closes_cycle
)
{%- endfor %}

{% for depth in range(1, deepest + 1) -%}
select manager_person_key, person_key, depth, valid_from, valid_to, closes_cycle
from depth_{{ depth }}
{% if not loop.last %}union all
{% endif %}
{%- endfor %}
