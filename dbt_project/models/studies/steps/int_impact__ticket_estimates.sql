{{ config(schema='studies') }}

{# Logarithms turned into ratios, one row per company, definition, time window and outcome; how_to_less_defect is the triple difference. #}
with differences as (
    select
        how_to.company_id, how_to.definition, how_to.time_window, 'how_to_less_defect' as ticket_kind,
        how_to.unit, how_to.is_treated, how_to.events,
        how_to.estimate - defect.estimate as estimate, how_to.delta - coalesce(defect.delta, 0) as delta
    from {{ ref('int_impact__ticket_deltas') }} as how_to
    inner join {{ ref('int_impact__ticket_deltas') }} as defect
        on how_to.company_id = defect.company_id and how_to.definition = defect.definition
        and how_to.time_window = defect.time_window and how_to.unit = defect.unit and defect.ticket_kind = 'defect'
    where how_to.ticket_kind = 'how_to'
),

deltas as (
    select company_id, definition, time_window, ticket_kind, unit, is_treated, events, estimate, delta from {{ ref('int_impact__ticket_deltas') }}
    union all
    select company_id, definition, time_window, ticket_kind, unit, is_treated, events, estimate, delta from differences
),

intervals as (
    {{ jackknife_interval('deltas', ['company_id', 'definition', 'time_window', 'ticket_kind']) }}
)

select
    company_id, definition, time_window, ticket_kind, n_treated, n_control, events as n_events,
    estimate as log_estimate, error as log_error, {{ to_double('n_treated') }} - 1 as df,
    {{ safe_exp('estimate') }} as estimate,
    {{ safe_exp('ci_low') }} as ci_low,
    {{ safe_exp('ci_high') }} as ci_high,
    case when n_treated >= 30 and events >= 10 and ci_low is not null then 'reads' else 'too_few' end as state
from intervals
