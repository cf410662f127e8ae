{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per program, worker and week since their required items ended, for every week that has passed, whether they are still here or not. #}
with numbers as (
    {{ whole_numbers(52) }}
),

grid as (
    select
        starts.company_id, starts.program_code, starts.person_key, starts.is_launch_cohort, starts.cohort_start,
        starts.zero_date,
        numbers.n as week_number, company.habit_weeks, company.habit_window_weeks
    from {{ ref('int_activity__program_starts') }} as starts
    inner join {{ ref('dim_company') }} as company on starts.company_id = company.company_id
    cross join numbers
    where {{ add_days('starts.zero_date', '7 * numbers.n + 7') }} <= {{ to_date('company.as_of_at') }}
),

days as (
    select distinct company_id, person_key, occurred_date
    from {{ ref('int_activity__events') }}
    where is_activity and is_own_choice
),

active as (
    select distinct
        starts.company_id, starts.program_code, starts.person_key,
        cast(floor({{ ratio(days_between('starts.zero_date', 'days.occurred_date'), 7) }}) as integer) as week_number
    from {{ ref('int_activity__program_starts') }} as starts
    inner join days on starts.company_id = days.company_id and starts.person_key = days.person_key and days.occurred_date >= starts.zero_date
),

weeks as (
    select
        grid.*, case when active.week_number is null then 0 else 1 end as is_active,
        sum(case when active.week_number is null then 0 else 1 end) over so_far as active_so_far,
        max(case when active.week_number is null then 0 else 1 end) over from_now_on as is_active_then_or_later
    from grid
    left join active on {{ same('grid', 'active', ['company_id', 'program_code', 'person_key', 'week_number']) }}
    window
        so_far as (
            partition by grid.company_id, grid.program_code, grid.person_key order by grid.week_number
            rows between unbounded preceding and current row
        ),
        from_now_on as (
            partition by grid.company_id, grid.program_code, grid.person_key order by grid.week_number
            rows between current row and unbounded following
        )
)

select
    weeks.company_id, weeks.program_code, weeks.person_key, weeks.is_launch_cohort, weeks.cohort_start,
    weeks.week_number, weeks.is_active,
    weeks.is_active_then_or_later, weeks.week_number >= weeks.habit_window_weeks - 1 as has_whole_window,
    case when weeks.active_so_far - coalesce(earlier.active_so_far, 0) >= weeks.habit_weeks then 1 else 0 end as has_habit
from weeks
left join weeks as earlier
    on weeks.company_id = earlier.company_id and weeks.program_code = earlier.program_code and weeks.person_key = earlier.person_key
    and earlier.week_number = weeks.week_number - weeks.habit_window_weeks
