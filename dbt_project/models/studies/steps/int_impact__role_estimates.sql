{% set by = ['company_id', 'job_title', 'kpi_code', 'time_window'] %}

{# Change of trained people less change of people not yet trained, by role and figure; every control stands in for several cohorts, so the error
   is a jackknife over people. #}
with cells as (
    select company_id, job_title, kpi_code, time_window, cohort_month as stratum, unit, is_treated, weight, d
    from {{ ref('int_impact__role_changes') }}
),

deltas as (
    {{ own_change_deltas('cells', by) }}
),

intervals as (
    {{ jackknife_interval('deltas', by) }}
),

cross_section as (
    select
        company_id, job_title, kpi_code, person_key,
        case when month_number > trained_month then 1 else 0 end as is_treated, avg(value) as y
    from {{ ref('int_impact__role_kpis') }}
    group by company_id, job_title, kpi_code, person_key, case when month_number > trained_month then 1 else 0 end
),

naive as (
    {{ welch('cross_section', ['company_id', 'job_title', 'kpi_code']) }}
)

select
    intervals.company_id, intervals.job_title, intervals.kpi_code, intervals.time_window, intervals.n_treated, intervals.n_control, intervals.events,
    intervals.estimate, intervals.error, {{ to_double('intervals.n_treated') }} - 1 as df, intervals.ci_low, intervals.ci_high,
    naive.estimate as naive_estimate, naive.ci_low as naive_ci_low, naive.ci_high as naive_ci_high,
    case when intervals.n_treated >= 10 and intervals.n_control >= 10 and intervals.ci_low is not null then 'reads' else 'too_few' end as state
from intervals
left join naive
    on intervals.company_id = naive.company_id and intervals.job_title = naive.job_title and intervals.kpi_code = naive.kpi_code
