select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('levels.job_title') }} as job_title,
    {{ to_text('levels.skill_code') }} as skill_code,
    {{ to_double('levels.required_level') }} as required_level,
    {{ to_date('levels.valid_from') }} as valid_from
from {{ ref('stg_drops__role_skill_levels') }} as levels
cross join {{ ref('stg_company__settings') }} as company
