{{ config(schema='intermediate', contract={'enforced': false}) }}
{% set groups = [('department', "'All roles'"), ("'All departments'", 'job_title'), ("'All departments'", "'All roles'")] %}

{# Employees by department or role and month, and the twelve calendar months up to and with it: leavers by kind, promotions, and who of those here a
   year ago is still here. Calendar months, not rows: a month without anybody is no shorter year. #}
with people as (
    select
        months.*, case when stints.move_type = 'promotion' then 1 else 0 end as is_promoted
    from {{ ref('int_impact__worker_months') }} as months
    left join {{ ref('int_impact__role_stints') }} as stints
        on months.company_id = stints.company_id and months.person_key = stints.person_key
        and stints.started_on > months.month_start and stints.started_on <= {{ add_months('months.month_start', 1) }}
),

grouped as (
    {% for department, role in groups %}
    select
        company_id, {{ department }} as department, {{ role }} as role_title, month_start, month_number, person_key, ended_as, max(is_promoted) as is_promoted
    from people
    group by company_id, {% if loop.index == 1 %}department, {% elif loop.index == 2 %}job_title, {% endif %}month_start, month_number, person_key, ended_as
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

months as (
    select distinct company_id, department, role_title, month_start, month_number from grouped
),

first_months as (
    select company_id, min(month_number) as first_month from grouped group by company_id
),

stayed as (
    select
        before.company_id, before.department, before.role_title, before.month_number + 11 as month_number,
        count(*) as people_then, count(later.person_key) as people_still_here
    from grouped as before
    left join {{ ref('int_impact__worker_months') }} as later
        on before.company_id = later.company_id and before.person_key = later.person_key and later.month_number = before.month_number + 11
        and later.ended_as is null
    group by before.company_id, before.department, before.role_title, before.month_number
)

select
    months.company_id, months.department, months.role_title, months.month_start,
    months.month_number - first_months.first_month >= 11 as is_due,
    count(distinct case when window_rows.month_number = months.month_number then window_rows.person_key end) as headcount,
    count(distinct window_rows.person_key) as people,
    count(window_rows.person_key) as person_months,
    sum(case when window_rows.ended_as = 'voluntary' then 1 else 0 end) as left_voluntarily,
    sum(case when window_rows.ended_as is not null then 1 else 0 end) as left_any,
    sum(window_rows.is_promoted) as promoted,
    max(stayed.people_then) as people_then, max(stayed.people_still_here) as people_still_here
from months
inner join first_months on months.company_id = first_months.company_id
inner join grouped as window_rows
    on months.company_id = window_rows.company_id and months.department = window_rows.department and months.role_title = window_rows.role_title
    and window_rows.month_number between months.month_number - 11 and months.month_number
left join stayed
    on months.company_id = stayed.company_id and months.department = stayed.department and months.role_title = stayed.role_title
    and stayed.month_number = months.month_number
group by months.company_id, months.department, months.role_title, months.month_start, months.month_number, first_months.first_month
