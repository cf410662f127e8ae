with states as (
    select
        'bamboohr' as source, employee_id, row_position, valid_from, is_working, worker_type, termination_type,
        {{ to_timestamp('null') }} as known_from
    from {{ ref('stg_bamboohr__employment_status') }}
    union all
    select 'workday', employee_id, row_position, valid_from, is_working, worker_type, termination_type, known_from
    from {{ ref('stg_workday__employment_status') }}
    union all
    select
        'hibob', history.employee_id, history.row_position, history.valid_from, history.is_working,
        case when history.is_working then coalesce(contracts.worker_type, 'employee') end, history.termination_type,
        {{ to_timestamp('null') }}
    from {{ ref('stg_hibob__lifecycle_history') }} as history
    left join {{ ref('stg_hibob__employment_history') }} as contracts
        on history.employee_id = contracts.employee_id and contracts.is_current
)

select states.*
from states
cross join {{ ref('stg_company__settings') }} as company
where {{ in_force('states') }}
