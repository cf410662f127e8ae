{{ company_links(source('hubspot', 'deal_companies'), id_name='deal_id', primary_type=5) }}
