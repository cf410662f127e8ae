{{ config(schema='restricted') }}

{# Person x cohort month: mean of months g+1 to g+6 less mean of g-6 to g-1. Treated: trained in g; control: same role and figure, not trained by
   g+6. The placebo compares g-6 to g-1 with g-12 to g-7. Collapsing each person to one difference is what makes the error honest. #}
{% set windows = [('effect', 6, 1, 1, 6), ('placebo', 12, 7, -6, -1)] %}

with cohorts as (
    select distinct company_id, job_title, kpi_code, trained_month as cohort_month
    from {{ ref('int_impact__role_kpis') }}
    where trained_month is not null
),

{% for name, from_month, to_month, first_k, last_k in windows %}
{{ name }}_changes as (
    select
        panel.company_id, panel.job_title, panel.kpi_code, '{{ name }}' as time_window, cohorts.cohort_month, panel.person_key,
        max(panel.trained_month) as trained_month,
        avg(case
            when panel.month_number between cohorts.cohort_month - {{ from_month }} and cohorts.cohort_month - {{ to_month }} then panel.value
        end) as before,
        avg(case
            when panel.month_number between cohorts.cohort_month + {{ first_k }} and cohorts.cohort_month + {{ last_k }} then panel.value
        end) as after
    from {{ ref('int_impact__role_kpis') }} as panel
    inner join cohorts
        on panel.company_id = cohorts.company_id and panel.job_title = cohorts.job_title and panel.kpi_code = cohorts.kpi_code
        and panel.month_number between cohorts.cohort_month - 12 and cohorts.cohort_month + 6
    group by panel.company_id, panel.job_title, panel.kpi_code, cohorts.cohort_month, panel.person_key
){% if not loop.last %},{% endif %}
{% endfor %}

{% for name, from_month, to_month, first_k, last_k in windows %}
select
    company_id, job_title, kpi_code, time_window, cohort_month, person_key as unit, {{ one_if('trained_month = cohort_month') }} as is_treated,
    after - before as d, 1 as weight
from {{ name }}_changes
where before is not null and after is not null and (trained_month is null or trained_month = cohort_month or trained_month > cohort_month + 6)
{% if not loop.last %}union all{% endif %}
{% endfor %}
