{{ config(schema='intermediate', contract={'enforced': false}) }}

{# Positions filled in the four quarters before a quarter ends, and how many from inside, by department and in total. #}
with fills as (
    select company_id, coalesce(department, 'Unknown') as department, filled_by_person_key, {{ to_date('filled_at') }} as filled_on, fill_type
    from {{ ref('fct_requisitions') }}
    where filled_at is not null and fill_type is not null
),

grouped as (
    select company_id, department, filled_on, fill_type, filled_by_person_key from fills
    union all
    select company_id, 'All departments' as department, filled_on, fill_type, filled_by_person_key from fills
),

quarters as (
    select distinct company_id, department, quarter_start
    from {{ ref('int_impact__mobility_times') }}
    where learner_group = 'all' and move_kind = 'any'
)

select
    quarters.company_id, quarters.department, quarters.quarter_start,
    count(grouped.filled_on) as filled, sum(case when grouped.fill_type = 'internal' then 1 else 0 end) as filled_inside
from quarters
left join grouped
    on quarters.company_id = grouped.company_id and quarters.department = grouped.department
    and grouped.filled_on >= {{ add_months('quarters.quarter_start', -9) }} and grouped.filled_on < {{ add_months('quarters.quarter_start', 3) }}
group by quarters.company_id, quarters.department, quarters.quarter_start
