with source as (
    {{ newest_version(source('drops', 'program_costs'), keys=['program_code', 'month_start', 'cost_type'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('program_code') }} as program_code,
        {{ to_text('cost_type') }} as cost_type,

        {{ to_text('currency') }} as currency,

        {{ to_double('amount') }} as amount,

        {{ to_date('month_start') }} as month_start
    from source
)

select * from renamed
