select
    {{ to_text('company_id') }} as company_id,
    {{ to_text('pilot_id') }} as pilot_id,
    {{ to_text('pilot_name') }} as pilot_name,
    {{ to_text('outcome') }} as outcome,
    {{ to_count('horizon_days') }} as horizon_days,
    {{ to_flag('is_primary') }} as is_primary,
    {{ to_double('minimum_effect') }} as minimum_effect
from {{ ref('stg_company__pilots') }}
