with hubspot_contracts as (
    {{ with_company(ref('stg_hubspot__contracts'), 'contract_id', ref('stg_hubspot__deal_companies'), 'deal_id') }}
)

{{ united(
    {'salesforce': ref('stg_salesforce__contracts'), 'hubspot': 'hubspot_contracts'},
    ['contract_id', 'account_id', 'currency', 'paid_seats', 'annual_value', 'is_deleted', 'start_date', 'end_date']
) }}
