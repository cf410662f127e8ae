{{ company_links(source('hubspot', 'contact_companies'), id_name='contact_id', primary_type=1) }}
