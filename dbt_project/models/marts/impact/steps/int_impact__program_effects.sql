{{ config(schema='intermediate', contract={'enforced': false}) }}

{# What each program changed in units that Finance can value, from the estimates as published: low, likely and high end of units a year. Each row
   keeps the tier of its estimate. An effect that several programs could claim has no units, nor has a program with several effects on one outcome:
   nobody knows how to share or to add them. #}
with programs as (
    select company_id, program_code, audience from {{ ref('dim_programs') }}
),

taught as (
    select distinct bridge.company_id, bridge.program_code, courses.ticket_category, courses.is_owner_training
    from {{ ref('bridge_program_courses') }} as bridge
    inner join {{ ref('dim_courses') }} as courses on bridge.company_id = courses.company_id and bridge.course_id = courses.course_id
    where courses.ticket_category is not null or courses.is_owner_training
),

linked as (
    select programs.company_id, programs.program_code, 'customer_education_churn' as study_id, 'any' as variant, 'any' as definition
    from programs where programs.audience like 'customer%'
    union all
    select programs.company_id, programs.program_code, 'customer_education_tickets' as study_id, 'any' as variant, 'any' as definition
    from programs where programs.audience like 'customer%'
    union all
    select company_id, program_code, 'account_owner_training' as study_id, 'owner' as variant, 'owner' as definition
    from taught where is_owner_training
    union all
    select company_id, program_code, 'agent_training_handling' as study_id, ticket_category as variant, ticket_category as definition
    from taught where ticket_category is not null
    union all
    select company_id, program_code, 'pilot_win_rate' as study_id, program_code as variant, program_code as definition
    from programs
),

claimed as (
    select *, count(*) over (partition by company_id, study_id, variant) as programs_of_effect
    from linked
),

estimated as (
    select
        linked.company_id, linked.program_code, estimates.study_id, estimates.outcome, estimates.estimate, estimates.ci_low, estimates.ci_high,
        estimates.horizon_days, estimates.n_treated, estimates.n_control, estimates.n_events, estimates.tier, estimates.state,
        absolute.per_100, absolute.per_100_low, absolute.per_100_high, linked.programs_of_effect,
        count(*) over (partition by linked.company_id, linked.program_code, estimates.outcome) as effects_of_program,
        row_number() over (
            partition by linked.company_id, linked.program_code, estimates.outcome
            order by coalesce(estimates.n_treated, 0) desc, linked.study_id asc, linked.variant asc
        ) as position
    from claimed as linked
    inner join {{ ref('impact_estimates') }} as estimates
        on linked.company_id = estimates.company_id and linked.study_id = estimates.study_id and linked.variant = estimates.variant
        and estimates.method in ('person_time', 'own_baseline', 'own_change', 'welch_team_means', 'cuped_team_means')
        and estimates.outcome in ('churn', 'how_to_tickets', 'resolution_hours_saved', 'win_rate')
        and (estimates.study_id <> 'pilot_win_rate' or estimates.is_headline)
    left join {{ ref('int_impact__churn_absolute') }} as absolute
        on linked.company_id = absolute.company_id and linked.definition = absolute.definition
),

owned as (
    select *, programs_of_effect = 1 and effects_of_program = 1 as is_own_effect
    from estimated
    where position = 1
)

{# A ratio below one is a gain, so its upper end is the low end of what was gained. #}
select
    company_id, program_code, outcome, tier, state, n_treated as units_exposed,
    {{ units_gained('ci_low', 'ci_high', 'per_100_low') }} as units_low,
    {{ units_gained('estimate', 'estimate', 'per_100') }} as units_likely,
    {{ units_gained('ci_high', 'ci_low', 'per_100_high') }} as units_high
from owned
