with source as (
    {{ newest_version(source('drops', 'value_conversions'), keys=['conversion_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('conversion_id') }} as conversion_id,
        {{ to_text('approved_by_employee_id') }} as approved_by_employee_id,

        {{ to_text('outcome_code') }} as outcome_code,
        {{ to_text('unit') }} as unit,
        {{ to_text('currency') }} as currency,

        {{ to_double('amount_low') }} as amount_low,
        {{ to_double('amount_likely') }} as amount_likely,
        {{ to_double('amount_high') }} as amount_high,

        {{ to_date('valid_from') }} as valid_from,

        {{ to_timestamp('approved_at') }} as approved_at
    from source
)

select * from renamed
