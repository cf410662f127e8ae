{{ config(schema='restricted') }}

{# One row per person and quarter start with at least 12 months in the role: days to the first move inside, to leaving, or to today. #}
with quarters as (
    select company.company_id, days.quarter_start, {{ to_date('company.as_of_at') }} as as_of_date
    from {{ ref('dim_company') }} as company
    inner join (select distinct quarter_start from {{ ref('dim_dates') }}) as days
        on days.quarter_start >= {{ to_date('company.observed_from_at') }} and days.quarter_start <= {{ to_date('company.as_of_at') }}
),

learned as (
    select
        quarters.company_id, quarters.quarter_start, enrollments.person_key,
        max(case when enrollments.enrollment_source = 'self' then 1 else 0 end) as chose,
        max(case when enrollments.enrollment_source = 'assigned' then 1 else 0 end) as was_assigned
    from quarters
    inner join {{ ref('fct_enrollments') }} as enrollments
        on quarters.company_id = enrollments.company_id and enrollments.is_verified_completion
        and {{ to_date('enrollments.completed_at') }} < quarters.quarter_start
        and {{ to_date('enrollments.completed_at') }} >= {{ add_days('quarters.quarter_start', -180) }}
    group by quarters.company_id, quarters.quarter_start, enrollments.person_key
),

eligible as (
    select
        quarters.company_id, quarters.quarter_start, quarters.as_of_date, stints.person_key, stints.worker_id, stints.stint, stints.department, stints.ended_on,
        row_number() over (partition by quarters.company_id, quarters.quarter_start, stints.person_key order by stints.started_on desc) as position
    from quarters
    inner join {{ ref('int_impact__role_stints') }} as stints
        on quarters.company_id = stints.company_id and {{ add_months('stints.started_on', 12) }} <= quarters.quarter_start
        and (stints.ended_on is null or stints.ended_on > quarters.quarter_start)
),

followed as (
    select
        eligible.company_id, eligible.quarter_start, eligible.as_of_date, eligible.person_key, coalesce(eligible.department, 'Unknown') as department,
        next_stints.move_type, case when eligible.ended_on <= eligible.as_of_date then eligible.ended_on end as ended_on,
        coalesce(learned.chose, 0) as chose, coalesce(learned.was_assigned, 0) as was_assigned, closers.is_closed
    from eligible
    left join {{ ref('int_impact__role_stints') }} as next_stints
        on eligible.company_id = next_stints.company_id and eligible.person_key = next_stints.person_key
        and next_stints.stint = eligible.stint + 1 and next_stints.started_on = eligible.ended_on
    left join learned
        on eligible.company_id = learned.company_id and eligible.quarter_start = learned.quarter_start and eligible.person_key = learned.person_key
    left join {{ ref('int_impact__gap_closers') }} as closers
        on eligible.company_id = closers.company_id and eligible.quarter_start = closers.quarter_start and eligible.person_key = closers.person_key
    where eligible.position = 1
)

select
    company_id, quarter_start, as_of_date, person_key, department, is_closed,
    case when chose = 1 then 'self_chosen' when was_assigned = 1 then 'assigned_only' else 'no_learning' end as learning_source,
    case when ended_on is null then 'censored' when move_type is not null then 'event' else 'competing' end as outcome,
    case when ended_on is not null then move_type end as move_type,
    {{ days_between('quarter_start', 'coalesce(ended_on, as_of_date)') }} as t
from followed
