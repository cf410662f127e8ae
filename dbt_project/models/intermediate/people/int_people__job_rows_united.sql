{# Workday and HiBob name the manager of each job row by id, BambooHR only by name. HiBob has no divisions. Workday alone says when
   a row was entered. #}
with job_rows as (
    select
        'bamboohr' as source, employee_id, row_position, cast(null as {{ type_text() }}) as manager_employee_id,
        job_title, department, division, location, manager_name_key, valid_from, {{ to_timestamp('null') }} as known_from
    from {{ ref('stg_bamboohr__job_info') }}
    union all
    select
        'workday', employee_id, row_position, manager_employee_id,
        job_title, department, division, location, cast(null as {{ type_text() }}), valid_from, known_from
    from {{ ref('stg_workday__worker_history') }}
    union all
    select
        'hibob', employee_id, row_position, manager_employee_id,
        job_title, department, cast(null as {{ type_text() }}), location, cast(null as {{ type_text() }}), valid_from,
        {{ to_timestamp('null') }}
    from {{ ref('stg_hibob__work_history') }}
)

select job_rows.*
from job_rows
cross join {{ ref('stg_company__settings') }} as company
where {{ in_force('job_rows') }}
