{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per worker employed on the last day of a whole month, with the department of that day. Half a month is never compared, so it has no row. #}
with numbers as (
    {{ whole_numbers(240) }}
),

months as (
    select
        company.company_id, company.as_of_at,
        {{ add_months(month_start('company.observed_from_at'), 'numbers.n') }} as month_start,
        {{ add_months(month_start('company.observed_from_at'), 'numbers.n + 1') }} as next_month_start
    from {{ ref('dim_company') }} as company
    cross join numbers
    where {{ add_months(month_start('company.observed_from_at'), 'numbers.n + 1') }} <= {{ to_date('company.as_of_at') }}
)

select
    months.company_id, months.month_start, {{ add_days('months.next_month_start', -1) }} as month_end, months.as_of_at,
    workers.person_key, workers.worker_type as audience, coalesce(workers.department, 'Unknown') as department,
    workers.job_title,
    workers.manager_person_key, workers.is_leader
from months
inner join {{ ref('dim_worker_history') }} as workers
    on months.company_id = workers.company_id and workers.valid_from < months.next_month_start
    and (workers.valid_to is null or workers.valid_to >= months.next_month_start)
left join {{ ref('dim_people') }} as people on workers.company_id = people.company_id and workers.person_key = people.person_key
where not coalesce(people.is_test, false)
