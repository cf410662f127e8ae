{{ config(schema='restricted', contract={'enforced': false}) }}

{# The rows of every table by department and month; a company without workers still has its newest month. #}
with counted as (
    {% call by_department(ref('int_application__worker_months')) %}
        count(distinct person_key) as people,
        {{ to_double('sum(days)') }} / 7 as person_weeks
    {% endcall %}
)

select
    months.company_id, months.month_start, months.month_end, coalesce(counted.department, 'All departments') as department,
    coalesce(counted.people, 0) as people, coalesce(counted.person_weeks, 0) as person_weeks
from {{ ref('int_application__months') }} as months
left join counted on months.company_id = counted.company_id and months.month_start = counted.month_start
where months.is_newest or counted.people > 0
