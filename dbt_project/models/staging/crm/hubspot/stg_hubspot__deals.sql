with source as (
    {{ newest_version(source('hubspot', 'deals'), keys=['id'], cursor='updated_at', swept=['hubspot', 'deals']) }}
),

renamed as (
    select
        {{ to_key('source.id') }} as opportunity_id,
        {{ to_key('source.owner_id') }} as owner_crm_user_id,
        cast(null as {{ type_text() }}) as contract_id,

        {{ to_text('source.dealstage') }} as stage_name,
        coalesce(words.opportunity_type, {{ to_text('source.dealtype') }}) as opportunity_type,
        {{ to_text('source.deal_currency_code') }} as currency,

        {{ to_double('source.amount') }} as amount,

        source.is_gone or coalesce({{ to_flag('source.archived') }}, false) as is_deleted,
        coalesce({{ to_flag('source.is_closed') }}, false) as is_closed,
        coalesce({{ to_flag('source.is_won') }}, false) as is_won,

        {{ to_date('source.closedate') }} as planned_close_date,

        {{ to_timestamp('source.created_at') }} as created_at,
        case when source.is_closed then {{ to_timestamp('source.closedate') }} end as closed_at,
        {{ to_timestamp('source.updated_at') }} as updated_at
    from source
    left join {{ ref('xwalk_hubspot_deal_type') }} as words on source.dealtype = words.vendor_type
    where coalesce(source.pipeline, '') <> 'contracts'
)

select * from renamed
