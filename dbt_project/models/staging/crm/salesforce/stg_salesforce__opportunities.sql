with source as (
    {{ newest_version(source('salesforce', 'opportunities'), keys=['id'], cursor='system_modstamp', swept=['salesforce', 'opportunities']) }}
),

renamed as (
    select
        {{ to_key('id') }} as opportunity_id,
        {{ to_key('account_id') }} as account_id,
        {{ to_key('owner_id') }} as owner_crm_user_id,
        {{ to_key('contract_id') }} as contract_id,

        {{ to_text('stage_name') }} as stage_name,
        {{ to_text('type') }} as opportunity_type,
        {{ to_text('currency_iso_code') }} as currency,

        {{ to_double('amount') }} as amount,

        is_gone or coalesce({{ to_flag('is_deleted') }}, false) as is_deleted,
        coalesce({{ to_flag('is_closed') }}, false) as is_closed,
        coalesce({{ to_flag('is_won') }}, false) as is_won,

        {{ to_date('close_date') }} as planned_close_date,

        {{ to_timestamp('created_date') }} as created_at,
        {{ to_timestamp('closed_at') }} as closed_at,
        {{ to_timestamp('system_modstamp') }} as updated_at
    from source
)

select * from renamed
