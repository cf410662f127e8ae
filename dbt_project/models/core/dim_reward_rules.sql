select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('rules.rule_id') }} as rule_id,
    {{ to_text('rules.policy_id') }} as policy_id,
    {{ to_text('rules.rewards') }} as rewards,
    {{ to_date('rules.valid_from') }} as valid_from,
    {{ to_date('rules.valid_to') }} as valid_to
from {{ ref('stg_drops__reward_rules') }} as rules
cross join {{ ref('stg_company__settings') }} as company
