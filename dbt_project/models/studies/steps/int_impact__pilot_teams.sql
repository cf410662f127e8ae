{{ config(schema='studies') }}

{# One row per pilot, horizon and team: share of its opportunities won in (assignment, assignment + horizon], and in the 180 days up to it;
   x_same_length looks back as long as the horizon, so that its spread says what these teams can show. #}
with teams as (
    select
        units.company_id, units.pilot_id, units.team_key, units.assigned_at, units.is_randomized, pilots.outcome, pilots.horizon_days, pilots.is_primary,
        pilots.minimum_effect, pilots.pilot_name,
        case when units.arm in ('content_only', 'control') then 0 else 1 end as is_treated,
        {{ add_days_to_moment('units.assigned_at', 'pilots.horizon_days') }} as due_at,
        company.as_of_at
    from {{ ref('fct_pilot_units') }} as units
    inner join {{ ref('dim_company_pilots') }} as pilots on units.company_id = pilots.company_id and units.pilot_id = pilots.pilot_id
    inner join {{ ref('dim_company') }} as company on units.company_id = company.company_id
    where pilots.outcome = 'win_rate'
),

closed as (
    select
        members.company_id, members.pilot_id, members.team_key, opportunities.closed_at,
        case when opportunities.is_won then 1 else 0 end as won
    from {{ ref('fct_pilot_members') }} as members
    inner join {{ ref('fct_opportunities') }} as opportunities
        on members.company_id = opportunities.company_id and members.person_key = opportunities.owner_person_key
    where opportunities.is_closed and opportunities.closed_at is not null
)

select
    teams.company_id, teams.pilot_id, teams.pilot_name, teams.outcome, teams.horizon_days, teams.is_primary, teams.minimum_effect,
    teams.team_key, teams.is_treated, teams.is_randomized, teams.assigned_at, teams.due_at, teams.as_of_at,
    teams.due_at <= teams.as_of_at as is_due,
    count(case when closed.closed_at > teams.assigned_at and closed.closed_at <= teams.due_at then 1 end) as closed_after,
    sum(case when closed.closed_at > teams.assigned_at and closed.closed_at <= teams.due_at then closed.won else 0 end) as won_after,
    avg(case when closed.closed_at > teams.assigned_at and closed.closed_at <= teams.due_at then {{ to_double('closed.won') }} end) as y,
    avg(case
        when closed.closed_at <= teams.assigned_at and closed.closed_at > {{ add_days_to_moment('teams.assigned_at', '-180') }}
            then {{ to_double('closed.won') }}
    end) as x,
    avg(case
        when closed.closed_at <= teams.assigned_at and closed.closed_at > {{ add_days_to_moment('teams.assigned_at', '-teams.horizon_days') }}
            then {{ to_double('closed.won') }}
    end) as x_same_length
from teams
left join closed on teams.company_id = closed.company_id and teams.pilot_id = closed.pilot_id and teams.team_key = closed.team_key
group by
    teams.company_id, teams.pilot_id, teams.pilot_name, teams.outcome, teams.horizon_days, teams.is_primary, teams.minimum_effect,
    teams.team_key, teams.is_treated, teams.is_randomized, teams.assigned_at, teams.due_at, teams.as_of_at
