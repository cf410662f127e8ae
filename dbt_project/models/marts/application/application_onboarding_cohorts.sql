{% set window_days = 14 %}

with hires as (
    {% for role in ['role_title', "'All roles'"] %}
    select
        company_id, hire_month, {{ role }} as role_title, person_key,
        case when days_observed >= {{ window_days }} then 1 else 0 end as is_due,
        case when days_observed >= {{ window_days }} and days_to_open <= {{ window_days }} then 1 else 0 end as opened,
        {{ one_if('days_observed >= ' ~ window_days ~ ' and days_to_open <= ' ~ window_days ~ ' and days_to_first_win <= ' ~ window_days) }} as won
    from {{ ref('int_application__starts') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        company_id, hire_month, role_title, count(distinct case when is_due = 1 then person_key end) as people,
        count(*) as hires, sum(is_due) as due, sum(opened) as opened, sum(won) as won
    from hires
    group by company_id, hire_month, role_title
),

single_roles as (
    select company_id, hire_month, role_title, people, {{ rate_is_shown('people') }} as is_kept
    from counted
    where role_title <> 'All roles'
),

shown as (
    {{ hold_back_neighbors('single_roles', ['company_id', 'hire_month', 'role_title'], ['company_id', 'hire_month']) }}
),

stated as (
    select
        counted.*,
        {{ rate_state('counted.due', '(' ~ rate_is_shown('counted.people') ~ ' and coalesce(shown.is_kept, true))', is_due='counted.due > 0') }} as state
    from counted
    left join shown
        on counted.company_id = shown.company_id and counted.hire_month = shown.hire_month and counted.role_title = shown.role_title
)

select
    company_id, hire_month, {{ to_text('role_title') }} as role_title,
    case when state = 'reads' then {{ to_count('due') }} end as hires,
    {{ rate_columns('opened_path_14_days', 'opened', 'due', 'state') }},
    {{ rate_interval('opened_path_14_days', 'opened', 'due', 'state') }},
    {{ rate_columns('first_win_14_days', 'won', 'due', 'state') }},
    {{ rate_interval('first_win_14_days', 'won', 'due', 'state') }},
    cast(null as {{ type_double() }}) as personalized_path,
    cast(null as bigint) as personalized_path_n,
    cast(null as bigint) as personalized_path_denominator,
    {{ to_text("'no_data_reaches_us'") }} as personalized_path_state
from stated
