{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('answers.answer_id') }} as answer_id,
    {{ to_text('answers.ritual_id') }} as ritual_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_flag('answers.learned_something') }} as learned_something,
    {{ to_flag('answers.will_do_differently') }} as will_do_differently,
    {{ to_timestamp('answers.answered_at') }} as answered_at
from {{ ref('stg_drops__retro_answers') }} as answers
left join {{ ref('int_people__employees_known') }} as people on answers.employee_id = people.employee_id
cross join {{ ref('stg_company__settings') }} as company
