{{ united(
    {'zendesk': ref('stg_zendesk__organizations'), 'freshdesk': ref('stg_freshdesk__companies')},
    ['organization_id', 'external_id', 'domain_names']
) }}
