{{ config(schema='studies') }}

{# The plain comparison: tickets solved by trained agents against all others. Busy agents are trained first, so it misleads. #}
with cross_section as (
    {% for category in ['ticket_category', "'all'"] %}
    {% for outcome, value in [('hours', 'resolution_hours'), ('reopens', 'reopen_count')] %}
    select company_id, {{ category }} as ticket_category, '{{ outcome }}' as outcome, {{ one_if('is_trained') }} as is_treated, {{ to_double(value) }} as y
    from {{ ref('int_application__agent_tickets') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

compared as (
    {{ welch('cross_section', ['company_id', 'ticket_category', 'outcome']) }}
)

select
    company_id, ticket_category, outcome, -estimate as naive_estimate, -ci_high as naive_ci_low, -ci_low as naive_ci_high
from compared
