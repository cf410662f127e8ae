{# The job history names a manager; only the list of workers has the manager's id. A name is read as a person only where the
   open job rows of all workers tie that name to exactly one id. #}
with open_rows as (
    select
        job_info.source,
        job_info.employee_id,
        job_info.manager_name_key,
        row_number() over (
            partition by job_info.source, job_info.employee_id order by job_info.valid_from desc, job_info.row_position desc
        ) as newest
    from {{ ref('int_people__job_rows_united') }} as job_info
)

select
    open_rows.source,
    open_rows.manager_name_key,
    min(employees.manager_employee_id) as manager_employee_id
from open_rows
inner join {{ ref('int_people__employees_united') }} as employees
    on open_rows.source = employees.source and open_rows.employee_id = employees.employee_id
where open_rows.newest = 1 and open_rows.manager_name_key is not null and employees.manager_employee_id is not null
group by open_rows.source, open_rows.manager_name_key
having count(distinct employees.manager_employee_id) = 1
