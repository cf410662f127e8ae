{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per pilot and team: coaching on the pilot's topic of the people who were in the team when it was assigned, within the primary horizon, and
   how many of them have left by then. #}
with teams as (
    select
        units.company_id, units.pilot_id, units.team_key, units.assigned_at,
        case when units.arm in ('content_only', 'control') then 0 else 1 end as is_treated,
        {{ add_days_to_moment('units.assigned_at', 'pilots.horizon_days') }} as due_at
    from {{ ref('fct_pilot_units') }} as units
    inner join {{ ref('dim_company_pilots') }} as pilots
        on units.company_id = pilots.company_id and units.pilot_id = pilots.pilot_id and pilots.is_primary
),

members as (
    select
        teams.company_id, teams.pilot_id, teams.team_key, members.person_key,
        max(case
            when spells.terminated_date > {{ to_date('teams.assigned_at') }} and spells.terminated_date <= {{ to_date('teams.due_at') }} then 1
            else 0
        end) as has_left
    from teams
    inner join {{ ref('fct_pilot_members') }} as members
        on teams.company_id = members.company_id and teams.pilot_id = members.pilot_id and teams.team_key = members.team_key
    left join {{ ref('dim_worker_spells') }} as spells on members.company_id = spells.company_id and members.person_key = spells.person_key
    group by teams.company_id, teams.pilot_id, teams.team_key, members.person_key
),

coached as (
    select teams.company_id, teams.pilot_id, teams.team_key, count(*) as events
    from teams
    inner join members on teams.company_id = members.company_id and teams.pilot_id = members.pilot_id and teams.team_key = members.team_key
    inner join {{ ref('fct_coaching_events') }} as events
        on members.company_id = events.company_id and members.person_key = events.coachee_person_key
        and events.program_code = teams.pilot_id and events.occurred_at > teams.assigned_at and events.occurred_at <= teams.due_at
    group by teams.company_id, teams.pilot_id, teams.team_key
),

sizes as (
    select company_id, pilot_id, team_key, count(*) as people, sum(has_left) as people_left
    from members
    group by company_id, pilot_id, team_key
)

select
    teams.company_id, teams.pilot_id, teams.team_key, teams.is_treated, teams.assigned_at, teams.due_at,
    coalesce(sizes.people, 0) as people, coalesce(sizes.people_left, 0) as people_left, coalesce(coached.events, 0) as topic_events
from teams
left join sizes on teams.company_id = sizes.company_id and teams.pilot_id = sizes.pilot_id and teams.team_key = sizes.team_key
left join coached on teams.company_id = coached.company_id and teams.pilot_id = coached.pilot_id and teams.team_key = coached.team_key
