{{ config(schema='restricted') }}
{% set by = ['company_id', 'ticket_category', 'time_window'] %}

{# Change in hours and in reopens per ticket, by category and over all of them ('all'); negative is faster. #}
with grouped as (
    select
        company_id, ticket_category, time_window, cohort_month, month_number, unit, is_treated, weight, hours_change, reopens_change,
        ticket_category as cell_category
    from {{ ref('int_application__agent_cells') }}
    union all
    select
        company_id, 'all' as ticket_category, time_window, cohort_month, month_number, unit, is_treated, weight, hours_change, reopens_change,
        ticket_category as cell_category
    from {{ ref('int_application__agent_cells') }}
),

{% for outcome in ['hours', 'reopens'] %}
{{ outcome }}_cells as (
    select
        company_id, ticket_category, time_window, cell_category || '/' || {{ to_text('cohort_month') }} || '/' || {{ to_text('month_number') }} as stratum,
        unit, is_treated, weight, {{ outcome }}_change as d
    from grouped
),

{{ outcome }}_deltas as (
    {{ own_change_deltas(outcome ~ '_cells', by) }}
),

{{ outcome }}_intervals as (
    {{ jackknife_interval(outcome ~ '_deltas', by) }}
){% if not loop.last %},{% endif %}
{% endfor %}

{% for outcome in ['hours', 'reopens'] %}
select
    company_id, ticket_category, time_window, '{{ outcome }}' as outcome, n_treated, n_control, events as n_tickets,
    estimate, ci_low, ci_high, error, {{ to_double('n_treated') }} - 1 as df,
    case when n_treated >= 10 and n_control >= 10 and ci_low is not null then 'reads' else 'too_few' end as state
from {{ outcome }}_intervals
{% if not loop.last %}union all{% endif %}
{% endfor %}
