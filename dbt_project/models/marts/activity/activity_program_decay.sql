{% set cohort = ['company_id', 'program_code', 'is_launch_cohort', 'cohort_start'] %}

with reach as (
    {{ reach_flags(['lms.enrollments']) }}
),

counted as (
    select
        {{ cohort | join(', ') }}, week_number, count(*) as people, sum(is_active) as active,
        sum(is_active_then_or_later) as active_then_or_later,
        sum(has_habit) as habit, max({{ one_if('has_whole_window') }}) = 1 as window_passed
    from {{ ref('int_activity__program_weeks') }}
    group by {{ cohort | join(', ') }}, week_number
),

curve as (
    select
        {{ cohort | join(', ') }}, week_number, people, active_share,
        avg(active_share) over (partition by {{ cohort | join(', ') }} order by week_number rows between 2 preceding and current row) as three_week_mean,
        max(case when week_number <= 1 then active_share end) over (partition by {{ cohort | join(', ') }}) as start_share
    from (
        select *, {{ ratio('active', 'people') }} as active_share from counted where {{ rate_is_shown('people') }}
    ) as shown
),

halved as (
    select
        {{ cohort | join(', ') }}, max(people) as people, count(*) as weeks, max(start_share) as start_share,
        min(case when week_number >= 2 and three_week_mean <= 0.5 * start_share then week_number end) as half_life_weeks
    from curve
    group by {{ cohort | join(', ') }}
),

stated as (
    select
        counted.*, halved.half_life_weeks, halved.weeks, halved.people as cohort_people,
        {{ rate_state('counted.people', rate_is_shown('counted.people')) }} as rate_state,
        {{ rate_state('counted.people', rate_is_shown('counted.people'), is_due='counted.window_passed') }} as habit_state,
        case
            when halved.weeks is null then 'too_few'
            when halved.weeks < 3 then 'not_due'
            when halved.start_share = 0 then 'nothing_recorded'
            when halved.half_life_weeks is null then 'not_due'
            else 'reads'
        end as half_life_state
    from counted
    left join halved on {{ same('counted', 'halved', cohort) }}
)

select
    stated.company_id, {{ to_text('stated.program_code') }} as program_code,
    {{ to_text("coalesce(programs.program_name, stated.program_code)") }} as program_name,
    stated.is_launch_cohort, stated.cohort_start, {{ to_count('stated.week_number') }} as week_number,
    {{ rate_columns('active_share', 'active', 'stated.people', 'rate_state') }},
    {{ rate_interval('active_share', 'active', 'stated.people', 'rate_state') }},
    {{ rate_columns('active_then_or_later_share', 'active_then_or_later', 'stated.people', 'rate_state') }},
    {{ rate_columns('habit_rate', 'habit', 'stated.people', 'habit_state') }},
    {{ rate_interval('habit_rate', 'habit', 'stated.people', 'habit_state') }},
    case when half_life_state = 'reads' then {{ to_double('half_life_weeks') }} end as half_life_weeks,
    case when half_life_state = 'reads' then {{ to_count('weeks') }} end as half_life_weeks_n,
    case when half_life_state = 'reads' then {{ to_count('cohort_people') }} end as half_life_weeks_denominator,
    {{ to_text('half_life_state') }} as half_life_weeks_state,
    half_life_state = 'not_due' and coalesce(weeks, 0) >= 3 as half_life_is_censored
from stated
left join {{ ref('dim_programs') }} as programs on stated.company_id = programs.company_id and stated.program_code = programs.program_code
union all
select
    company.company_id, {{ to_text("'All programs'") }} as program_code, {{ to_text("'All programs'") }} as program_name,
    false as is_launch_cohort, {{ quarter_start('company.as_of_at') }} as cohort_start, {{ to_count('0') }} as week_number,
    {% set nowhere = "'no_data_reaches_us'" -%}
    {{ rate_columns('active_share', 'null', 'null', nowhere) }},
    {{ to_double('null') }} as active_share_low, {{ to_double('null') }} as active_share_high,
    {{ rate_columns('active_then_or_later_share', 'null', 'null', nowhere) }},
    {{ rate_columns('habit_rate', 'null', 'null', nowhere) }},
    {{ to_double('null') }} as habit_rate_low, {{ to_double('null') }} as habit_rate_high,
    {{ to_double('null') }} as half_life_weeks, {{ to_count('null') }} as half_life_weeks_n, {{ to_count('null') }} as half_life_weeks_denominator,
    {{ to_text(nowhere) }} as half_life_weeks_state, false as half_life_is_censored
from {{ ref('dim_company') }} as company
inner join reach on company.company_id = reach.company_id and not reach.reaches_lms_enrollments
left join (select distinct company_id from counted) as known on company.company_id = known.company_id
where known.company_id is null
