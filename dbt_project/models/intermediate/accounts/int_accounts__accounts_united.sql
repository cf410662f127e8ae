{{ united(
    {'salesforce': ref('stg_salesforce__accounts'), 'hubspot': ref('stg_hubspot__companies')},
    [
        'account_id', 'master_account_id', 'external_id', 'owner_crm_user_id', 'account_name', 'website_domain', 'segment', 'plan',
        'early_health_band', 'churned_at', 'first_value_at', 'created_at', 'updated_at'
    ]
) }}
