{# A job row lasts until the next one of the same worker, or until the worker leaves. Half open: valid_to is the first day after. #}
with job_rows as (
    select
        job_info.*,
        row_number() over (
            partition by job_info.source, job_info.employee_id, job_info.valid_from order by job_info.row_position desc
        ) as newest_of_day
    from {{ ref('int_people__job_rows_united') }} as job_info
    inner join {{ ref('int_people__employees_united') }} as employees
        on job_info.source = employees.source and job_info.employee_id = employees.employee_id
),

followed as (
    select
        job_rows.*,
        lead(valid_from) over (partition by source, employee_id order by valid_from) as next_valid_from
    from job_rows
    where newest_of_day = 1
)

select
    followed.source,
    followed.employee_id,
    coalesce(spells.worker_type, 'employee') as worker_type,
    followed.job_title,
    followed.department,
    followed.division,
    followed.location,
    followed.manager_employee_id,
    followed.manager_name_key,
    followed.valid_from,
    {# least() skips a missing date on DuckDB and PostgreSQL and Spark alike #}
    least(followed.next_valid_from, spells.terminated_date) as valid_to
from followed
left join {{ ref('int_people__worker_spells') }} as spells
    on followed.source = spells.source and followed.employee_id = spells.employee_id
    and spells.hired_date <= followed.valid_from
    and (spells.terminated_date is null or spells.terminated_date > followed.valid_from)
