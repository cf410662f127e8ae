with source as (
    {{ newest_version(source('hubspot', 'deals'), keys=['id'], cursor='updated_at', swept=['hubspot', 'deals']) }}
),

renamed as (
    select
        {{ to_key('id') }} as contract_id,

        {{ to_text('dealstage') }} as status,
        {{ to_text('deal_currency_code') }} as currency,

        {{ to_count('contract_term_months') }} as term_months,
        {{ to_count('paid_seats') }} as paid_seats,
        {{ to_double('annual_value') }} as annual_value,

        is_gone or coalesce({{ to_flag('archived') }}, false) as is_deleted,

        {{ to_date('contract_start_date') }} as start_date,
        {{ to_date('contract_end_date') }} as end_date,

        {{ to_timestamp('created_at') }} as created_at,
        {{ to_timestamp('updated_at') }} as updated_at
    from source
    where pipeline = 'contracts'
)

select * from renamed
