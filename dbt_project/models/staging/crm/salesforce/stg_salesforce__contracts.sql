with source as (
    {{ newest_version(source('salesforce', 'contracts'), keys=['id'], cursor='system_modstamp', swept=['salesforce', 'contracts']) }}
),

renamed as (
    select
        {{ to_key('id') }} as contract_id,
        {{ to_key('account_id') }} as account_id,

        {{ to_text('status') }} as status,
        {{ to_text('currency_iso_code') }} as currency,

        {{ to_count('contract_term') }} as term_months,
        {{ to_count('paid_seats') }} as paid_seats,
        {{ to_double('annual_value') }} as annual_value,

        is_gone or coalesce({{ to_flag('is_deleted') }}, false) as is_deleted,

        {{ to_date('start_date') }} as start_date,
        {{ to_date('end_date') }} as end_date,

        {{ to_timestamp('created_date') }} as created_at,
        {{ to_timestamp('system_modstamp') }} as updated_at
    from source
)

select * from renamed
