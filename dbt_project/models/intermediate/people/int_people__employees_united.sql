{# Somebody whose first day is still to come is in the list of some HR systems already, and nobody's colleague yet. #}
with employees as (
    select
        'bamboohr' as source, 'employees' as list_name, employee_id, identity_key, manager_employee_id, email_key, email_domain,
        job_title, hired_date
    from {{ ref('stg_bamboohr__employees') }}
    union all
    select 'workday', 'workers', employee_id, identity_key, manager_employee_id, email_key, email_domain, job_title, hired_date
    from {{ ref('stg_workday__workers') }}
    union all
    select
        'hibob', 'employees', employee_id, identity_key, cast(null as {{ type_text() }}) as manager_employee_id, email_key,
        email_domain, job_title, hired_date
    from {{ ref('stg_hibob__employees') }}
)

select employees.*
from employees
cross join {{ ref('stg_company__settings') }} as company
where not coalesce({{ to_timestamp('employees.hired_date') }} >= company.as_of_at, false)
