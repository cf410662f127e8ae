with hubspot_deals as (
    {{ with_company(ref('stg_hubspot__deals'), 'opportunity_id', ref('stg_hubspot__deal_companies'), 'deal_id') }}
)

{{ united(
    {'salesforce': ref('stg_salesforce__opportunities'), 'hubspot': 'hubspot_deals'},
    [
        'opportunity_id', 'account_id', 'owner_crm_user_id', 'opportunity_type', 'amount', 'currency', 'is_deleted', 'is_closed',
        'is_won', 'created_at', 'closed_at'
    ]
) }}
