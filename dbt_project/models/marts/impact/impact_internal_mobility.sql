{% set by = ['company_id', 'quarter_start', 'department', 'learner_group'] %}
{% set kinds = [('any', 'mobility_12m'), ('promotion', 'promotion_12m'), ('lateral', 'lateral_move_12m'), ('cross_function', 'cross_function_move_12m')] %}

with times as (
    select *, 365 as horizon_days from {{ ref('int_impact__mobility_times') }}
),

shares as (
    {{ aalen_johansen_share('times', by + ['move_kind'], 'horizon_days') }}
),

counted as (
    select
        company_id, quarter_start, department, learner_group, max(as_of_date) as as_of_date, count(distinct person_key) as people,
        {% for kind, name in kinds -%}
        sum(case when move_kind = '{{ kind }}' and outcome = 'event' and t <= 365 then 1 else 0 end) as {{ kind }}_moves{% if not loop.last %},{% endif %}
        {% endfor %}
    from times
    group by company_id, quarter_start, department, learner_group
),

groups as (
    select
        company_id, quarter_start, department, learner_group, people, {{ rate_is_shown('people') }} as is_kept,
        case when learner_group = 'all' then 'department' when learner_group in ('gap_closed', 'gap_open') then 'gap' else 'source' end as family
    from counted
    where not (department = 'All departments' and learner_group = 'all')
),

shown as (
    {{ hold_back_neighbors('groups', by + ['family'], ['company_id', 'quarter_start', 'family']) }}
),

wide as (
    select
        company_id, quarter_start, department, learner_group,
        {% for kind, name in kinds -%}
        max(case when move_kind = '{{ kind }}' then share end) as {{ kind }}_share{% if not loop.last %},{% endif %}
        {% endfor %}
    from shares
    group by company_id, quarter_start, department, learner_group
),

stated as (
    select
        counted.*,
        {% for kind, name in kinds -%}
        coalesce(wide.{{ kind }}_share, 0) as {{ kind }}_share,
        {% endfor %}
        fills.filled, fills.filled_inside, coalesce(flags.reaches_drops_requisitions, false) as reaches_requisitions,
        {{ add_days('counted.quarter_start', 365) }} <= counted.as_of_date as is_due,
        {{ rate_is_shown('counted.people') }} and coalesce(shown.is_kept, true) as is_shown
    from counted
    left join wide on {{ same('counted', 'wide', by) }}
    left join shown on {{ same('counted', 'shown', by) }}
    left join {{ ref('int_impact__internal_fills') }} as fills
        on counted.company_id = fills.company_id and counted.quarter_start = fills.quarter_start and counted.department = fills.department
        and counted.learner_group = 'all'
    left join ({{ reach_flags(['drops.requisitions']) }}) as flags on counted.company_id = flags.company_id
),

states as (
    select
        *, {{ rate_state('people', 'is_shown', is_due='is_due') }} as move_state,
        case
            when learner_group <> 'all' then 'withheld'
            else {{ rate_state('filled', '(is_shown and ' ~ rate_is_shown('filled') ~ ')', reaches_us='reaches_requisitions') }}
        end as fill_state
    from stated
)

select
    company_id, quarter_start, {{ to_text('department') }} as department, {{ to_text('learner_group') }} as learner_group,
    case when move_state = 'reads' then {{ to_count('people') }} end as people,
    {% for kind, name in kinds -%}
    case when move_state = 'reads' then {{ to_double(kind ~ '_share') }} end as {{ name }},
    case when move_state = 'reads' then {{ to_count(kind ~ '_moves') }} end as {{ name }}_n,
    case when move_state = 'reads' then {{ to_count('people') }} end as {{ name }}_denominator,
    {{ to_text('move_state') }} as {{ name }}_state,
    case when move_state = 'reads' then {{ wilson_low(kind ~ '_share * people', 'people') }} end as {{ name }}_low,
    case when move_state = 'reads' then {{ wilson_high(kind ~ '_share * people', 'people') }} end as {{ name }}_high,
    {% endfor -%}
    {{ rate_columns('internal_fill_12m', 'filled_inside', 'filled', 'fill_state') }},
    {{ rate_interval('internal_fill_12m', 'filled_inside', 'filled', 'fill_state') }}
from states
