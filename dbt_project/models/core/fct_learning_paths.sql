{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('paths.path_id') }} as path_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_flag('paths.is_gap_based') }} as is_gap_based,
    {{ to_timestamp('paths.assigned_at') }} as assigned_at,
    {{ to_timestamp('paths.opened_at') }} as opened_at,
    {{ to_timestamp('paths.first_gap_item_passed_at') }} as first_gap_item_passed_at
from {{ ref('stg_drops__learning_paths') }} as paths
left join {{ ref('int_people__employees_known') }} as people on paths.employee_id = people.employee_id
cross join {{ ref('stg_company__settings') }} as company
