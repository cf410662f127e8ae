{{ config(schema='restricted', contract={'enforced': false}) }}

{# Who worked in which department for whom in which month, and for how many days; is_at_end marks the row valid on the month's last day. #}
select
    months.company_id, months.month_start, workers.person_key, coalesce(workers.department, 'Unknown') as department, workers.manager_person_key,
    sum({{ days_between(
        'case when workers.valid_from > months.month_start then workers.valid_from else months.month_start end',
        'case when workers.valid_to < months.month_end then workers.valid_to else months.month_end end'
    ) }}) as days,
    max({{ one_if('workers.valid_to is null or workers.valid_to >= months.month_end') }}) as is_at_end,
    max({{ one_if('workers.is_leader') }}) as is_leader
from {{ ref('int_application__months') }} as months
inner join {{ ref('dim_worker_history') }} as workers
    on months.company_id = workers.company_id and workers.valid_from < months.month_end
    and (workers.valid_to is null or workers.valid_to > months.month_start)
group by months.company_id, months.month_start, workers.person_key, coalesce(workers.department, 'Unknown'), workers.manager_person_key
