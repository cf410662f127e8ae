{{ config(schema='intermediate', contract={'enforced': false}) }}

{# Metrics of the scorecard as published, month by month: only what may be shown elsewhere is used here, so nothing new about small groups appears. #}
{% set simple = [
    ('voluntary_turnover_12m', 'impact_workforce_months', 'month_start', "role_title = 'All roles'", 'lower'),
    ('retention_12m', 'impact_workforce_months', 'month_start', "role_title = 'All roles'", 'higher'),
    ('promotion_rate_12m', 'impact_workforce_months', 'month_start', "role_title = 'All roles'", 'higher'),
    ('coaching_coverage', 'application_coaching_months', 'month_start', 'true', 'higher'),
    ('modelling_rate', 'application_coaching_months', 'month_start', 'true', 'higher'),
    ('manager_asked', 'application_checkin_months', 'month_start', 'true', 'higher'),
    ('compliance_rate', 'governance_compliance_months', 'month_end', "course_id = 'all' and audience = 'all'", 'higher'),
] %}

with pooled as (
    select company_id, 'on_time_completion' as metric_id, cohort_month as month_start, sum(on_time_rate_n) as hits, sum(on_time_rate_denominator) as people
    from {{ ref('activity_program_funnel') }}
    where audience = 'employee' and on_time_rate_state = 'reads'
    group by company_id, cohort_month
    union all
    select company_id, 'reach' as metric_id, cohort_month as month_start, sum(reach_share_n) as hits, sum(reach_share_denominator) as people
    from {{ ref('activity_program_funnel') }}
    where audience = 'employee' and reach_share_state = 'reads'
    group by company_id, cohort_month
    union all
    select
        outcomes.company_id, 'application_rate_90' as metric_id, {{ month_start('max(company.as_of_at)') }} as month_start,
        sum(outcomes.application_rate_n) as hits, sum(outcomes.application_rate_denominator) as people
    from {{ ref('application_program_outcomes') }} as outcomes
    inner join {{ ref('dim_company') }} as company on outcomes.company_id = company.company_id
    where outcomes.horizon_days = 90 and outcomes.department = 'All departments' and outcomes.application_rate_state = 'reads'
    group by outcomes.company_id
)

{% for name, mart, moment, condition, better in simple %}
select
    company_id, '{{ name }}' as metric_id, '{{ better }}' as better_when, {{ month_start(moment) }} as month_start,
    case when department = 'All departments' then 'company' else department end as unit,
    {{ name }} as value, {{ name }}_low as value_low, {{ name }}_high as value_high, {{ name }}_n as value_n, {{ name }}_denominator as value_denominator
from {{ ref(mart) }}
where {{ condition }} and {{ name }}_state = 'reads'
union all
{% endfor %}
select
    company_id, 'time_to_competency_90' as metric_id, 'higher' as better_when,
    {{ to_date("substring(start_quarter, 1, 4)
        || case substring(start_quarter, 7, 1) when '1' then '-01-01' when '2' then '-04-01' when '3' then '-07-01' else '-10-01' end") }} as month_start,
    'company' as unit, competent_by_horizon as value, competent_by_horizon_low as value_low, competent_by_horizon_high as value_high,
    competent_by_horizon_n as value_n, competent_by_horizon_denominator as value_denominator
from {{ ref('application_time_to_competency') }}
where role_title = 'All roles' and start_quarter <> 'all' and competent_by_horizon_state = 'reads'
union all
select
    company_id, metric_id, 'higher' as better_when, month_start, 'company' as unit, {{ ratio('hits', 'people') }} as value,
    {{ wilson_low('hits', 'people') }} as value_low, {{ wilson_high('hits', 'people') }} as value_high, hits as value_n, people as value_denominator
from pooled
where people > 0
