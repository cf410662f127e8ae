select
    {{ to_text('company_id') }} as company_id,
    {{ to_text('company_name') }} as company_name,
    {{ to_timestamp('as_of_at') }} as as_of_at,
    {{ to_timestamp('observed_from_at') }} as observed_from_at,
    {{ to_text('currency') }} as currency,
    {{ to_text('time_zone') }} as time_zone,
    {{ to_count('fiscal_year_start_month') }} as fiscal_year_start_month,
    {{ to_count('definition_version') }} as definition_version,
    {{ to_count('churn_horizon_days') }} as churn_horizon_days,
    {{ to_count('exposure_lead_days') }} as exposure_lead_days,
    {{ to_count('trained_minimum_contacts') }} as trained_minimum_contacts,
    {{ to_double('trained_minimum_share') }} as trained_minimum_share,
    {{ to_double('competent_minimum_score') }} as competent_minimum_score,
    {{ to_count('competent_horizon_days') }} as competent_horizon_days,
    {{ to_flag('is_simulated') }} as is_simulated
from {{ ref('stg_company__settings') }}
