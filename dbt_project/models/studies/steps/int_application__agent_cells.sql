{{ config(schema='restricted') }}

{# Agent x category x month: change of the agent's mean since the six months before cohort month g. Treated: trained in g, months g+1 to g+6;
   control: agents not yet trained in that same month. The placebo compares months g-6 to g-1 with g-12 to g-7. #}
{% set windows = [('effect', 6, 1, 1, 6), ('placebo', 12, 7, -6, -1)] %}

with panel as (
    select
        company_id, ticket_category, agent_key, month_number, max(trained_month) as trained_month,
        {{ to_double('count(*)') }} as tickets, sum(resolution_hours) as hours, {{ to_double('sum(reopen_count)') }} as reopens
    from {{ ref('int_application__agent_tickets') }}
    group by company_id, ticket_category, agent_key, month_number
),

cohorts as (
    select distinct company_id, ticket_category, trained_month as cohort_month
    from panel
    where trained_month is not null
),

{% for name, from_month, to_month, first_k, last_k in windows %}
{{ name }}_base as (
    select
        panel.company_id, panel.ticket_category, panel.agent_key, cohorts.cohort_month, max(panel.trained_month) as trained_month,
        sum(panel.tickets) as tickets, sum(panel.hours) / sum(panel.tickets) as mean_hours, sum(panel.reopens) / sum(panel.tickets) as mean_reopens
    from panel
    inner join cohorts
        on panel.company_id = cohorts.company_id and panel.ticket_category = cohorts.ticket_category
        and panel.month_number between cohorts.cohort_month - {{ from_month }} and cohorts.cohort_month - {{ to_month }}
    group by panel.company_id, panel.ticket_category, panel.agent_key, cohorts.cohort_month
    having sum(panel.tickets) >= 5
){% if not loop.last %},{% endif %}
{% endfor %}

{% for name, from_month, to_month, first_k, last_k in windows %}
select
    base.company_id, base.ticket_category, '{{ name }}' as time_window, base.cohort_month, panel.month_number, base.agent_key as unit,
    case when base.trained_month = base.cohort_month then 1 else 0 end as is_treated,
    panel.tickets as weight,
    panel.hours / panel.tickets - base.mean_hours as hours_change,
    panel.reopens / panel.tickets - base.mean_reopens as reopens_change
from {{ name }}_base as base
inner join panel
    on base.company_id = panel.company_id and base.ticket_category = panel.ticket_category and base.agent_key = panel.agent_key
    and panel.month_number between base.cohort_month + {{ first_k }} and base.cohort_month + {{ last_k }}
where base.trained_month = base.cohort_month
    or base.trained_month is null
    or base.trained_month > greatest(base.cohort_month, panel.month_number)
{% if not loop.last %}union all{% endif %}
{% endfor %}
