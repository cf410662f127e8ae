{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per policy change, worker and week around it: minutes recorded in the learning platform (wall clock) and credited minutes of the worker's own choice.
   Only workers employed through all of these weeks are compared, those who did nothing included. #}
with numbers as (
    {{ whole_numbers(26) }}
),

members as (
    select
        changes.company_id, changes.policy_id, changes.change_kind, changes.before_start, changes.before_end,
        changes.after_start, changes.weeks, spells.person_key
    from {{ ref('int_governance__policy_changes') }} as changes
    inner join {{ ref('dim_worker_spells') }} as spells
        on changes.company_id = spells.company_id and spells.hired_date <= changes.before_start
        and (spells.terminated_date is null or spells.terminated_date >= changes.after_end)
    where changes.is_due
),

grid as (
    {% for side, first in [('0', 'before_start'), ('1', 'after_start')] %}
    select
        members.company_id, members.policy_id, members.change_kind, members.person_key, {{ side }} as is_after,
        {{ add_days('members.' ~ first, '7 * numbers.n') }} as week_start
    from members
    cross join numbers
    where numbers.n < members.weeks
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

minutes as (
    select
        company_id, person_key, week_start,
        {{ ratio("sum(case when system = 'lms' then raw_seconds else 0 end)", 60) }} as recorded,
        {{ ratio('sum(case when is_own_choice then coalesce(engaged_seconds, 0) else 0 end)', 60) }} as voluntary
    from {{ ref('int_activity__events') }}
    where event = 'session'
    group by company_id, person_key, week_start
)

select
    grid.company_id, grid.policy_id, grid.change_kind, grid.person_key, grid.is_after, grid.week_start,
    coalesce(minutes.recorded, 0) as recorded, coalesce(minutes.voluntary, 0) as voluntary
from grid
left join minutes on {{ same('grid', 'minutes', ['company_id', 'person_key', 'week_start']) }}
