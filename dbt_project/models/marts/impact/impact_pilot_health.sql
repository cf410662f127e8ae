{# Can this pilot show anything, and may it be believed? Looked at before anybody reads its effect. #}
with pilots as (
    select
        company_id, pilot_id, max(pilot_name) as pilot_name, count(distinct outcome) as outcomes_registered,
        max(case when is_primary then horizon_days end) as primary_horizon_days, max(minimum_effect) as minimum_effect
    from {{ ref('dim_company_pilots') }}
    group by company_id, pilot_id
),

judged as (
    select
        pilots.company_id, pilots.pilot_id, pilots.pilot_name, pilots.outcomes_registered, pilots.primary_horizon_days, pilots.minimum_effect,
        facts.assigned_at, facts.due_at, coalesce(facts.teams_treated, 0) as teams_treated, coalesce(facts.teams_control, 0) as teams_control,
        facts.people_treated, facts.people_control, facts.left_treated, facts.left_control, facts.control_coached, facts.treated_coached,
        facts.imbalance, facts.draw_chi2, facts.missing_gap, facts.detectable_effect, facts.is_randomized,
        {{ ratio('facts.left_treated', 'facts.people_treated') }} - {{ ratio('facts.left_control', 'facts.people_control') }} as attrition_gap,
        case
            when not flags.reaches_drops_pilot_assignments then 'no_data_reaches_us'
            when facts.pilot_id is null then 'nothing_recorded'
            when not {{ rate_is_shown('facts.people_treated') }} or not {{ rate_is_shown('facts.people_control') }} then 'too_few'
            else 'reads'
        end as state,
        flags.reaches_drops_coaching_events as reaches_coaching
    from pilots
    inner join ({{ reach_flags(['drops.pilot_assignments', 'drops.coaching_events']) }}) as flags on pilots.company_id = flags.company_id
    left join {{ ref('int_impact__pilot_facts') }} as facts on pilots.company_id = facts.company_id and pilots.pilot_id = facts.pilot_id
),

states as (
    select *, case when state = 'reads' and not reaches_coaching then 'no_data_reaches_us' else state end as coached_state
    from judged
)

select
    company_id, {{ to_text('pilot_id') }} as pilot_id, {{ to_text('pilot_name') }} as pilot_name,
    {{ to_timestamp('assigned_at') }} as assigned_at, {{ to_timestamp('due_at') }} as due_at,
    {{ to_count('teams_treated') }} as teams_treated, {{ to_count('teams_control') }} as teams_control,
    case when state = 'reads' then {{ to_count('people_treated') }} end as people_treated,
    case when state = 'reads' then {{ to_count('people_control') }} end as people_control,
    {{ to_count('outcomes_registered') }} as outcomes_registered,
    case when state = 'reads' then {{ to_double('draw_chi2') }} end as draw_chi2,
    case when state = 'reads' then {{ to_double('imbalance') }} end as imbalance,
    case when state = 'reads' then {{ to_double('missing_gap') }} end as missing_gap,
    case when state = 'reads' then {{ to_double('attrition_gap') }} end as attrition_gap,
    {{ rate_columns('contamination', 'control_coached', 'teams_control', 'coached_state') }},
    {{ rate_columns('compliance', 'treated_coached', 'teams_treated', 'coached_state') }},
    {{ to_double('detectable_effect') }} as detectable_effect, {{ to_double('minimum_effect') }} as minimum_effect,
    {{ to_text(names_of_true([
        ('not_drawn', "state = 'reads' and coalesce(is_randomized, 0) = 0"),
        ('draw', "state = 'reads' and draw_chi2 > 10.83"),
        ('balance', "state = 'reads' and abs(imbalance) > 0.25"),
        ('attrition', "state = 'reads' and (abs(coalesce(missing_gap, 0)) > 0.05 or abs(coalesce(attrition_gap, 0)) > 0.05)"),
        ('contamination', "coached_state = 'reads' and " ~ ratio('control_coached', 'teams_control') ~ " > 0.2"),
        ('power', "state = 'reads' and detectable_effect > 3 * minimum_effect"),
        ('too_many_outcomes', 'outcomes_registered > 2'),
    ])) }} as warnings,
    {{ to_text('state') }} as state, company.as_of_at
from (
    select states.*, company.as_of_at
    from states
    inner join {{ ref('dim_company') }} as company on states.company_id = company.company_id
) as company
