select
    {{ to_text('prefix') }} as course_code_prefix,
    {{ to_text('rule') }} as rule,
    {{ to_text('value') }} as rule_value
from {{ source('company', 'course_rules') }}
