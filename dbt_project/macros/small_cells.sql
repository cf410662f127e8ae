{# The one rule for small groups, used by every published table: a count needs 5 distinct people, a rate or a score needs 10 in its own
   denominator, and a group that could be worked out from its total and its neighbors is withheld with them. #}
{% macro minimum_people_for_count() %}5{% endmacro %}
{% macro minimum_people_for_rate() %}10{% endmacro %}

{% macro count_is_shown(people) %}({{ people }} >= {{ minimum_people_for_count() }}){% endmacro %}
{% macro rate_is_shown(people) %}({{ people }} >= {{ minimum_people_for_rate() }}){% endmacro %}

{# What a subtraction leaves over tells nothing when it is nobody, and no person when it is enough people. #}
{% macro is_nobody_or_enough(people) %}({{ people }} = 0 or {{ count_is_shown(people) }}){% endmacro %}

{# Customer learners of one account, never their exact number: 0, 1-4 or 5+. #}
{% macro learner_band(people) -%}
    (case when {{ people }} is null then null when {{ people }} = 0 then '0' when {{ people }} < {{ minimum_people_for_count() }} then '1-4' else '5+' end)
{%- endmacro %}

{# One pass over groups: `cells` has the columns named in `keys`, people, and is_kept (people reach the minimum, and no pass before held it back).
   Where exactly one non-empty group of a `parent` is held back, or several that are too small even together, the next smallest is held
   back with them: the total less what is shown is then neither one group nor too few people. Returns the same columns.
   Tables with totals over two dimensions alternate passes over both. #}
{% macro hold_back_neighbors(cells, keys, parent) -%}
select
    {{ keys | join(', ') }}, people,
    is_kept and not (place = 1 and (held_back = 1 or (held_back > 1 and not {{ rate_is_shown('people_held_back') }}))) as is_kept
from (
    select
        {{ keys | join(', ') }}, people, is_kept,
        row_number() over (partition by {{ parent | join(', ') }}, is_kept order by people, {{ keys | join(', ') }}) as place,
        sum(case when not is_kept and people > 0 then 1 else 0 end) over (partition by {{ parent | join(', ') }}) as held_back,
        sum(case when not is_kept then people else 0 end) over (partition by {{ parent | join(', ') }}) as people_held_back
    from {{ cells }} as given
) as ranked
{%- endmacro %}

{# Two published figures that add up the same facts over nearly the same people can be subtracted. `cells` has, for every one of `moving` (name, people, prefix)
   and every one of `earlier`, prefix_<earlier>: how many people are in one of the two figures only. Adds name: people where these are nobody or enough,
   in the group itself and in what its total leaves over, else 1, which the rules above hold back; and name_or_one: people, 1 where a zero would tell too.
   Rows that meet `total` are the total of their `parent`. #}
{% macro with_differences_judged(cells, parent, total, earlier, moving) -%}
select
    judged.*
    {%- for name, people, prefix in moving %}
    {%- set is_safe -%}
    {{ prefix }}_is_safe{% for one in earlier %} and ({{ total }} or {{ is_nobody_or_enough(prefix ~ '_rest_' ~ one) }}){% endfor %}
    {%- endset %},
    case when {{ is_safe }} then {{ people }} else 1 end as {{ name }},
    case when {{ people }} > 0 or {{ is_safe }} then {{ people }} else 1 end as {{ name }}_or_one
    {%- endfor %}
from (
    select
        flagged.*
        {%- for name, people, prefix in moving %}{% for one in earlier %},
        sum(case when {{ total }} or ({{ prefix }}_is_safe and {{ rate_is_shown(people) }}) then 0 else {{ prefix }}_{{ one }} end)
            over (partition by {{ parent | join(', ') }}) as {{ prefix }}_rest_{{ one }}
        {%- endfor %}{% endfor %}
    from (
        select
            given.*
            {%- for name, people, prefix in moving %},
            {% for one in earlier %}{{ is_nobody_or_enough(prefix ~ '_' ~ one) }}{% if not loop.last %} and {% endif %}{% endfor %} as {{ prefix }}_is_safe
            {%- endfor %}
        from {{ cells }} as given
    ) as flagged
) as judged
{%- endmacro %}

{# The state of a rate: is there a source, has its horizon passed, is anything there, are there enough people. #}
{% macro rate_state(denominator, is_shown, reaches_us='true', is_due='true') -%}
    (case
        when not {{ reaches_us }} then 'no_data_reaches_us'
        when not {{ is_due }} then 'not_due'
        when coalesce({{ denominator }}, 0) = 0 then 'nothing_recorded'
        when not {{ is_shown }} then 'too_few'
        else 'reads'
    end)
{%- endmacro %}

{# The four columns of a rate: name, name_n, name_denominator, name_state. Numbers only where the state is reads. #}
{% macro rate_columns(name, hits, denominator, state) -%}
    case when {{ state }} = 'reads' then {{ ratio(hits, denominator) }} end as {{ name }},
    case when {{ state }} = 'reads' then {{ to_count(hits) }} end as {{ name }}_n,
    case when {{ state }} in ('reads', 'nothing_recorded') then {{ to_nearest(denominator) }} end as {{ name }}_denominator,
    {{ to_text(state) }} as {{ name }}_state
{%- endmacro %}

{# The two interval columns of such a rate. #}
{% macro rate_interval(name, hits, denominator, state) -%}
    case when {{ state }} = 'reads' then {{ wilson_low(hits, denominator) }} end as {{ name }}_low,
    case when {{ state }} = 'reads' then {{ wilson_high(hits, denominator) }} end as {{ name }}_high
{%- endmacro %}
