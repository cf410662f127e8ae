with source as (
    select * from {{ source('company', 'settings') }}
),

renamed as (
    select
        {{ to_text('company_id') }} as company_id,

        {{ to_text('company_name') }} as company_name,
        {{ to_text('currency') }} as currency,
        {{ to_text('time_zone') }} as time_zone,
        {{ to_text('category_tag_prefix') }} as category_tag_prefix,

        {{ to_count('fiscal_year_start_month') }} as fiscal_year_start_month,
        {{ to_count('definition_version') }} as definition_version,
        {{ to_count('churn_horizon_days') }} as churn_horizon_days,
        {{ to_count('exposure_lead_days') }} as exposure_lead_days,
        {{ to_count('trained_minimum_contacts') }} as trained_minimum_contacts,
        {{ to_double('trained_minimum_share') }} as trained_minimum_share,
        {{ to_double('competent_minimum_score') }} as competent_minimum_score,
        {{ to_count('competent_horizon_days') }} as competent_horizon_days,
        {{ to_count('micro_minutes') }} as micro_minutes,
        {{ to_count('long_course_minutes') }} as long_course_minutes,
        {{ to_double('learning_capacity_minutes_per_week') }} as learning_capacity_minutes_per_week,
        {{ to_count('habit_weeks') }} as habit_weeks,
        {{ to_count('habit_window_weeks') }} as habit_window_weeks,
        {{ to_count('coaching_threshold') }} as coaching_threshold,
        {{ to_count('practice_threshold') }} as practice_threshold,
        {{ to_double('checkbox_completion') }} as checkbox_completion,
        {{ to_double('checkbox_application') }} as checkbox_application,
        {{ to_double('equivalence_margin') }} as equivalence_margin,
        {{ to_count('mentoring_target') }} as mentoring_target,

        {{ to_flag('is_simulated') }} as is_simulated,

        {{ to_timestamp('as_of_at') }} as as_of_at,
        {{ to_timestamp('observed_from_at') }} as observed_from_at
    from source
)

select * from renamed
