select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('policies.policy_id') }} as policy_id,
    {{ to_text('policies.policy_type') }} as policy_type,
    {{ to_date('policies.valid_from') }} as valid_from,
    {{ to_date('policies.valid_to') }} as valid_to,
    {{ to_double('policies.threshold') }} as threshold,
    {{ to_text('policies.course_code_prefix') }} as course_code_prefix
from {{ ref('stg_drops__policies') }} as policies
cross join {{ ref('stg_company__settings') }} as company
