{% set by = ['company_id', 'department', 'role_title', 'month_start'] %}
{# ten people, and once a whole year is behind, a mean headcount of ten #}
{% set is_enough = '(' ~ rate_is_shown('people') ~ ' and (not is_due or ' ~ rate_is_shown(ratio('person_months', '12')) ~ '))' %}

{# A year that rolls by a month tells, subtracted from the one before, who left in a month: only the whole company is large enough for that. Departments
   and roles tell leaving and moving up once a year, for years that do not overlap. #}
{% set tells_every_month = "(department = 'All departments' and role_title = 'All roles')" %}
{% set is_apart = '(' ~ tells_every_month ~ ' or extract(month from month_start) = 12)' %}

{# Departments and roles each add up to the total, so each is held back on its own: no small one can be told from the rest. #}
with cells as (
    select * from {{ ref('int_impact__workforce_cells') }}
),

{% for name, condition in [('departments', "role_title = 'All roles' and department <> 'All departments'"), ('roles', "role_title <> 'All roles'")] %}
{{ name }} as (
    select company_id, department, role_title, month_start, people, {{ is_enough }} as is_kept
    from cells
    where {{ condition }}
),

{{ name }}_shown as (
    {{ hold_back_neighbors(name, by, ['company_id', 'month_start']) }}
),

{% endfor %}
shown as (
    select company_id, department, role_title, month_start, is_kept from departments_shown
    union all
    select company_id, department, role_title, month_start, is_kept from roles_shown
),

stated as (
    select
        cells.*, {{ is_enough }} and coalesce(shown.is_kept, true) as is_shown,
        {{ to_double('cells.person_months') }} / 12.0 as mean_headcount
    from cells
    left join shown on {{ same('cells', 'shown', by) }}
),

states as (
    select
        *,
        {{ rate_state('headcount', 'is_shown') }} as headcount_state,
        case
            when {{ is_apart }} or not is_shown or not is_due then {{ rate_state('person_months', 'is_shown', is_due='is_due') }}
            else 'withheld'
        end as turnover_state,
        {{ rate_state('people_then', '(is_shown and ' ~ rate_is_shown('people_then') ~ ')', is_due='is_due') }} as retention_state
    from stated
)

select
    company_id, {{ to_date('month_start') }} as month_start, {{ to_text('department') }} as department, {{ to_text('role_title') }} as role_title,
    case when headcount_state = 'reads' then {{ to_count('headcount') }} end as headcount,
    case when headcount_state = 'reads' then {{ to_count('headcount') }} end as headcount_n,
    case when headcount_state = 'reads' then {{ to_count('people') }} end as headcount_denominator,
    {{ to_text('headcount_state') }} as headcount_state,
    case when turnover_state = 'reads' then {{ ratio('left_voluntarily', 'mean_headcount') }} end as voluntary_turnover_12m,
    case when turnover_state = 'reads' then {{ to_count('left_voluntarily') }} end as voluntary_turnover_12m_n,
    case when turnover_state = 'reads' then {{ to_count('floor(mean_headcount + 0.5)') }} end as voluntary_turnover_12m_denominator,
    {{ to_text('turnover_state') }} as voluntary_turnover_12m_state,
    {{ rate_interval('voluntary_turnover_12m', 'left_voluntarily', 'mean_headcount', 'turnover_state') }},
    {{ rate_columns('retention_12m', 'people_still_here', 'people_then', 'retention_state') }},
    {{ rate_interval('retention_12m', 'people_still_here', 'people_then', 'retention_state') }},
    case when turnover_state = 'reads' then {{ ratio('promoted', 'mean_headcount') }} end as promotion_rate_12m,
    case when turnover_state = 'reads' then {{ to_count('promoted') }} end as promotion_rate_12m_n,
    case when turnover_state = 'reads' then {{ to_count('floor(mean_headcount + 0.5)') }} end as promotion_rate_12m_denominator,
    {{ to_text('turnover_state') }} as promotion_rate_12m_state,
    {{ rate_interval('promotion_rate_12m', 'promoted', 'mean_headcount', 'turnover_state') }}
from states
