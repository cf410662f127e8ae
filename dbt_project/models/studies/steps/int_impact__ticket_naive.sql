{{ config(schema='studies') }}

{# The plain comparison: tickets per paid seat in trained account-months against all others. Heavy users train, so it points the wrong way. #}
with counted as (
    select
        company_id, definition, is_trained as is_treated, seat_months as exposure,
        tickets_how_to, tickets_defect, tickets_unmapped, tickets
    from {{ ref('int_impact__trained_periods') }}
    where definition <> 'owner'
),

by_kind as (
    select company_id, definition, 'how_to' as ticket_kind, is_treated, {{ to_double('tickets_how_to') }} as events, exposure from counted
    union all
    select company_id, definition, 'defect' as ticket_kind, is_treated, {{ to_double('tickets_defect') }} as events, exposure from counted
),

ratios as (
    {{ crude_rate_ratio('by_kind', ['company_id', 'definition', 'ticket_kind']) }}
),

mapped as (
    select company_id, definition, 1 - {{ ratio('sum(tickets_unmapped)', 'sum(tickets)') }} as mapped_share
    from counted
    group by company_id, definition
)

select ratios.*, mapped.mapped_share
from ratios
inner join mapped on ratios.company_id = mapped.company_id and ratios.definition = mapped.definition
