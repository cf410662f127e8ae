{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('assessments.assessment_id') }} as assessment_id,
    {{ to_text('people.person_key') }} as person_key,
    {{ to_text('assessments.skill_code') }} as skill_code,
    {{ to_text('assessments.program_code') }} as program_code,
    {{ to_text('assessments.phase') }} as phase,
    {{ to_double('assessments.score') }} as score,
    {{ to_double('assessments.maximum_score') }} as maximum_score,
    {{ to_double('assessments.level') }} as level,
    {{ to_text('assessments.assessed_by') }} as assessed_by,
    {{ to_timestamp('assessments.assessed_at') }} as assessed_at
from {{ ref('stg_drops__skill_assessments') }} as assessments
left join {{ ref('int_people__employees_known') }} as people on assessments.employee_id = people.employee_id
cross join {{ ref('stg_company__settings') }} as company
