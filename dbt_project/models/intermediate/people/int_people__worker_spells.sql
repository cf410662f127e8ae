{# Each row of the employment history starts a state that lasts until the next one. A spell is a run of working states. #}
with states as (
    select
        history.source,
        history.employee_id,
        history.valid_from,
        history.is_working,
        history.worker_type,
        history.termination_type,
        lag(history.is_working) over (
            partition by history.source, history.employee_id order by history.valid_from, history.row_position
        ) as was_working
    from {{ ref('int_people__employment_states_united') }} as history
    inner join {{ ref('int_people__employees_united') }} as employees
        on history.source = employees.source and history.employee_id = employees.employee_id
),

numbered as (
    select
        states.*,
        sum(case when is_working and not coalesce(was_working, false) then 1 else 0 end) over (
            partition by source, employee_id order by valid_from, is_working rows between unbounded preceding and current row
        ) as spell_number
    from states
)

select
    source,
    employee_id,
    spell_number,
    min(case when is_working then valid_from end) as hired_date,
    min(case when not is_working then valid_from end) as terminated_date,
    min(case when not is_working then termination_type end) as termination_type,
    max(case when is_working then worker_type end) as worker_type
from numbered
where spell_number > 0
group by source, employee_id, spell_number
