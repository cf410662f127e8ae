{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('entries.entry_id') }} as entry_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_date('entries.entry_date') }} as entry_date,
    {{ to_text('entries.topic') }} as topic,
    {{ to_text('entries.shared_in') }} as shared_in,
    {{ to_flag('entries.is_named') }} as is_named
from {{ ref('stg_drops__learning_log_entries') }} as entries
left join {{ ref('int_people__employees_known') }} as people on entries.employee_id = people.employee_id
cross join {{ ref('stg_company__settings') }} as company
