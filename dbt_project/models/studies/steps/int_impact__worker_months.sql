{{ config(schema='restricted') }}

{# One row per employee and whole observed month that began while the person worked here: what was learned by choice, and how the month ended. #}
with months as (
    select company.company_id, days.month_start, {{ add_months('days.month_start', 1) }} as next_month_start
    from {{ ref('dim_company') }} as company
    inner join (select distinct month_start from {{ ref('dim_dates') }}) as days
        on days.month_start >= {{ to_date('company.observed_from_at') }}
        and {{ add_months('days.month_start', 1) }} <= {{ to_date('company.as_of_at') }}
),

chosen as (
    select company_id, person_key, {{ month_start('completed_at') }} as month_start, count(*) as courses
    from {{ ref('fct_enrollments') }}
    where enrollment_source = 'self' and is_verified_completion and completed_at is not null
    group by company_id, person_key, {{ month_start('completed_at') }}
),

placed as (
    select
        months.company_id, spells.person_key, months.month_start, months.next_month_start, spells.hired_date, spells.terminated_date,
        spells.termination_type, history.department, history.job_title,
        row_number() over (
            partition by months.company_id, spells.person_key, months.month_start order by history.valid_from desc, spells.spell_number desc
        ) as position
    from months
    inner join {{ ref('dim_worker_spells') }} as spells
        on months.company_id = spells.company_id and spells.hired_date <= months.month_start
        and (spells.terminated_date is null or spells.terminated_date > months.month_start)
    inner join {{ ref('dim_worker_history') }} as history
        on spells.company_id = history.company_id and spells.person_key = history.person_key and history.worker_type = 'employee'
        and history.valid_from <= months.month_start and (history.valid_to is null or history.valid_to > months.month_start)
    where spells.person_key is not null
)

select
    placed.company_id, placed.person_key, placed.month_start,
    cast(extract(year from placed.month_start) * 12 + extract(month from placed.month_start) as integer) as month_number,
    coalesce(placed.department, 'Unknown') as department, coalesce(placed.job_title, 'Unknown') as job_title,
    {{ whole_months_between('placed.hired_date', 'placed.month_start') }} as tenure_months,
    coalesce(chosen.courses, 0) as courses,
    case when placed.terminated_date <= placed.next_month_start then placed.termination_type end as ended_as
from placed
left join chosen
    on placed.company_id = chosen.company_id and placed.person_key = chosen.person_key and placed.month_start = chosen.month_start
where placed.position = 1
