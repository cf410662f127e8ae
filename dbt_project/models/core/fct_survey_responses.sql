{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('responses.response_id') }} as response_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_text('responses.instrument') }} as instrument,
    {{ to_text('responses.item_code') }} as item_code,
    {{ to_text('responses.subject_code') }} as subject_code,
    {{ to_text('managers.person_key') }} as manager_person_key,
    {{ to_count('responses.wave_day') }} as wave_day,
    {{ to_double('responses.score') }} as score,
    {{ to_double('responses.maximum_score') }} as maximum_score,
    {{ to_timestamp('responses.answered_at') }} as answered_at
from {{ ref('stg_drops__survey_responses') }} as responses
left join {{ ref('int_people__employees_known') }} as people on responses.employee_id = people.employee_id
left join {{ ref('int_people__employees_known') }} as managers on responses.manager_employee_id = managers.employee_id
cross join {{ ref('stg_company__settings') }} as company
