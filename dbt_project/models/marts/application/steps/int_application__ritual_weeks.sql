{{ config(schema='restricted', contract={'enforced': false}) }}

{# Person x week (Monday to Sunday, over) with a manager: did that team hold a huddle, a retro or a knowledge share? #}
with weeks as (
    select
        company.company_id, {{ add_days(week_start('company.as_of_at'), '-7 * (numbers.n + 1)') }} as week_start,
        {{ to_date('company.observed_from_at') }} as first_day
    from {{ ref('dim_company') }} as company
    cross join ({{ whole_numbers(260) }}) as numbers
),

held as (
    select distinct company_id, team_manager_person_key, {{ week_start('held_at') }} as week_start
    from {{ ref('fct_rituals') }}
)

select
    weeks.company_id, weeks.week_start, {{ month_start('weeks.week_start') }} as month_start, workers.person_key,
    coalesce(workers.department, 'Unknown') as department, {{ one_if('held.week_start is not null') }} as has_ritual
from weeks
inner join {{ ref('dim_worker_history') }} as workers
    on weeks.company_id = workers.company_id and weeks.week_start >= workers.valid_from
    and (workers.valid_to is null or weeks.week_start < workers.valid_to)
left join held
    on weeks.company_id = held.company_id and workers.manager_person_key = held.team_manager_person_key and weeks.week_start = held.week_start
where weeks.week_start >= weeks.first_day and workers.manager_person_key is not null
