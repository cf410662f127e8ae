{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('tasks.practice_id') }} as practice_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_text('tasks.skill_code') }} as skill_code,
    {{ to_text('tasks.program_code') }} as program_code,
    {{ to_timestamp('tasks.assigned_at') }} as assigned_at,
    {{ to_timestamp('tasks.done_at') }} as done_at,
    {{ to_timestamp('tasks.feedback_at') }} as feedback_at,
    {{ to_text('reviewers.person_key') }} as feedback_by_person_key,
    {{ to_count('tasks.quality') }} as quality,
    {{ to_flag('tasks.is_micro') }} as is_micro
from {{ ref('stg_drops__practice_tasks') }} as tasks
left join {{ ref('int_people__employees_known') }} as people on tasks.employee_id = people.employee_id
left join {{ ref('int_people__employees_known') }} as reviewers on tasks.feedback_by_employee_id = reviewers.employee_id
cross join {{ ref('stg_company__settings') }} as company
