{# What a program cost in the last twelve months, what each of its effects was worth, and what one verified use on the job cost. A row per outcome
   and tier: rows of different tiers, or of one program, are never added up. Euro of an effect only where somebody approved the value. #}
with windows as (
    select company_id, as_of_at, currency, {{ add_months(month_start('as_of_at'), -12) }} as first_month, {{ month_start('as_of_at') }} as end_month
    from {{ ref('dim_company') }}
),

costs as (
    select
        costs.company_id, costs.program_code, sum(case when costs.currency = windows.currency then costs.amount end) as cost,
        sum(case when costs.currency <> windows.currency then 1 else 0 end) as rows_in_other_currency
    from {{ ref('fct_program_costs') }} as costs
    inner join windows on costs.company_id = windows.company_id and costs.month_start >= windows.first_month and costs.month_start < windows.end_month
    group by costs.company_id, costs.program_code
),

uses as (
    select events.company_id, events.program_code, count(*) as applications, count(distinct events.person_key) as people
    from {{ ref('fct_application_events') }} as events
    inner join windows
        on events.company_id = windows.company_id and {{ to_date('events.occurred_at') }} >= windows.first_month
        and {{ to_date('events.occurred_at') }} < windows.end_month
    where events.is_verified and events.program_code is not null
    group by events.company_id, events.program_code
),

programs as (
    select
        known.company_id, known.program_code, known.program_name, coalesce(known.modality, 'unknown') as modality, costs.cost,
        costs.rows_in_other_currency, coalesce(uses.applications, 0) as applications, coalesce(uses.people, 0) as people
    from {{ ref('dim_programs') }} as known
    left join costs on known.company_id = costs.company_id and known.program_code = costs.program_code
    left join uses on known.company_id = uses.company_id and known.program_code = uses.program_code
),

shown as (
    {% set groups = "(select company_id, program_code, modality, people, " ~ rate_is_shown('people') ~ " as is_kept from programs)" -%}
    {{ hold_back_neighbors(groups, ['company_id', 'program_code', 'modality'], ['company_id', 'modality']) }}
),

with_modalities as (
    select
        programs.*, effects.outcome, effects.tier, effects.state as effect_state,
        effects.units_exposed, effects.units_low, effects.units_likely, effects.units_high
    from programs
    left join {{ ref('int_impact__program_effects') }} as effects
        on programs.company_id = effects.company_id and programs.program_code = effects.program_code
    union all
    select
        company_id, 'All programs' as program_code, 'All programs' as program_name, modality, sum(cost) as cost,
        sum(rows_in_other_currency) as rows_in_other_currency, sum(applications) as applications, max(people) as people,
        null, null, null, null, null, null, null
    from programs
    group by company_id, modality
    union all
    select flags.company_id, 'All programs', 'All programs', 'unknown', null, null, 0, 0, null, null, null, null, null, null, null
    from ({{ reach_flags(['drops.programs']) }}) as flags
    left join (select distinct company_id from programs) as known on flags.company_id = known.company_id
    where known.company_id is null
),

valued as (
    select
        told.*, prices.conversion_id, prices.amount_low, prices.amount_likely, prices.amount_high,
        windows.as_of_at, windows.currency, windows.first_month, windows.end_month,
        flags.reaches_drops_program_costs, flags.reaches_drops_application_evidence, coalesce(shown.is_kept, true) as is_kept
    from with_modalities as told
    inner join windows on told.company_id = windows.company_id
    inner join ({{ reach_flags(['drops.program_costs', 'drops.application_evidence']) }}) as flags on told.company_id = flags.company_id
    left join {{ ref('int_impact__approved_values') }} as prices on told.company_id = prices.company_id and told.outcome = prices.outcome_code
    left join shown on {{ same('told', 'shown', ['company_id', 'program_code', 'modality']) }}
),

stated as (
    select
        *,
        case when not reaches_drops_program_costs then 'no_data_reaches_us' when cost is null then 'nothing_recorded' else 'reads' end as cost_state,
        case
            when not reaches_drops_program_costs or not reaches_drops_application_evidence then 'no_data_reaches_us'
            when cost is null or applications = 0 then 'nothing_recorded'
            when not is_kept or not {{ rate_is_shown('people') }} then 'too_few'
            else 'reads'
        end as use_state,
        case
            when not reaches_drops_program_costs then 'no_data_reaches_us'
            when outcome is null or coalesce(cost, 0) = 0 then 'nothing_recorded'
            when units_likely is null or conversion_id is null then 'withheld'
            else 'reads'
        end as return_state
    from valued
)

select
    company_id, {{ to_text('program_code') }} as program_code, {{ to_text('program_name') }} as program_name, {{ to_text('modality') }} as modality,
    {{ to_text("coalesce(outcome, 'none')") }} as outcome, {{ to_text("coalesce(tier, 'withheld')") }} as tier,
    {{ to_date('first_month') }} as period_start, {{ to_date('end_month') }} as period_end, {{ to_text('currency') }} as currency,
    case when cost_state = 'reads' then {{ to_double('cost') }} end as program_cost, {{ to_count('rows_in_other_currency') }} as rows_in_other_currency,
    {{ to_text('cost_state') }} as program_cost_state,
    case when use_state = 'reads' then {{ ratio('cost', 'applications') }} end as cost_per_verified_application,
    case when use_state = 'reads' then {{ to_count('applications') }} end as cost_per_verified_application_n,
    case when use_state = 'reads' then {{ to_count('people') }} end as cost_per_verified_application_denominator,
    {{ to_text('use_state') }} as cost_per_verified_application_state,
    {{ to_text('conversion_id') }} as conversion_id,
    {% for name in ['low', 'likely', 'high'] -%}
    case when return_state in ('reads', 'withheld') then {{ to_double('units_' ~ name) }} end as units_{{ name }},
    {% endfor -%}
    {% for name in ['low', 'likely', 'high'] -%}
    case when return_state = 'reads' then {{ to_double('greatest(units_' ~ name ~ ', 0) * amount_' ~ name) }} end as benefit_{{ name }},
    {% endfor -%}
    case when return_state = 'reads' then {{ ratio('greatest(units_likely, 0) * amount_likely - cost', 'cost') }} end as return_on_investment,
    case when return_state = 'reads' then {{ to_count('units_exposed') }} end as return_on_investment_n,
    case when return_state = 'reads' then {{ to_count('units_exposed') }} end as return_on_investment_denominator,
    {{ to_text('return_state') }} as return_on_investment_state,
    case when return_state = 'reads' then {{ ratio('greatest(units_low, 0) * amount_low - cost', 'cost') }} end as return_on_investment_low,
    case when return_state = 'reads' then {{ ratio('greatest(units_high, 0) * amount_high - cost', 'cost') }} end as return_on_investment_high,
    case when return_state = 'reads' and units_low > 0 then 12 * {{ ratio('cost', 'units_low * amount_low') }} end as payback_months,
    as_of_at
from stated
