{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('checkins.checkin_id') }} as checkin_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_text('history.manager_person_key') }} as manager_person_key,
    {{ to_date('checkins.week_start') }} as week_start,
    {{ to_flag('checkins.manager_asked') }} as manager_asked,
    {{ to_flag('checkins.used_learning') }} as used_learning,
    {{ to_count('checkins.confidence') }} as confidence,
    {{ to_timestamp('checkins.answered_at') }} as answered_at
from {{ ref('stg_drops__checkins') }} as checkins
left join {{ ref('int_people__employees_known') }} as people on checkins.employee_id = people.employee_id
left join {{ ref('dim_worker_history') }} as history
    on people.person_key = history.person_key
    and history.valid_from <= checkins.week_start
    and coalesce(history.valid_to, date '9999-12-31') > checkins.week_start
cross join {{ ref('stg_company__settings') }} as company
