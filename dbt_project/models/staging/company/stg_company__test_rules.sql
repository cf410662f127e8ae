select
    {{ to_text('rule') }} as rule,
    {{ to_text('value') }} as rule_value
from {{ source('company', 'test_rules') }}
