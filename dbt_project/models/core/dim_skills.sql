with mentioned as (
    select company_id, skill_code, 1 as is_required, 0 as is_taught from {{ ref('dim_role_skill_levels') }}
    union all
    select company_id, skill_code, 0, 1 from {{ ref('bridge_course_skills') }}
    {%- for table in ['fct_practice_tasks', 'fct_application_events', 'fct_goals', 'fct_skill_assessments'] %}
    union all
    select company_id, skill_code, 0, 0 from {{ ref(table) }}
    {%- endfor %}
)

select
    {{ to_text('company_id') }} as company_id,
    {{ to_text('skill_code') }} as skill_code,
    {{ to_flag('max(is_required) = 1') }} as is_required_by_a_role,
    {{ to_flag('max(is_taught) = 1') }} as is_taught_by_a_course
from mentioned
where skill_code is not null
group by company_id, skill_code
