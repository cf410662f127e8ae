{# How many distinct people stand on each side of the turnover comparison, all gaps alike; months of one person can lie on both. #}
with windows as (
    select
        company_id, person_key, ended_as,
        sum(courses) over (partition by company_id, person_key order by month_number range between 9 preceding and 4 preceding) as courses,
        count(*) over (partition by company_id, person_key order by month_number range between 9 preceding and 4 preceding) as months
    from {{ ref('int_impact__worker_months') }}
)

select
    company_id,
    count(distinct case when courses > 0 then person_key end) as n_treated,
    count(distinct case when courses = 0 then person_key end) as n_control,
    count(distinct person_key) as n_units
from windows
where months = 6
group by company_id
