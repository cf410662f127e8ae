{# The account of a HubSpot contact that names none is told by its links to companies. #}
with links as (
    {{ linked_companies(ref('stg_hubspot__contact_companies'), 'contact_id') }}
),

contacts as (
    {{ united(
        {'salesforce': ref('stg_salesforce__contacts'), 'hubspot': ref('stg_hubspot__contacts')},
        [
            'contact_id', 'identity_key', 'master_contact_id', 'account_id', 'external_id', 'email_key', 'email_domain',
            'is_deleted', 'created_at', 'updated_at'
        ]
    ) }}
)

select
    contacts.source,
    contacts.contact_id,
    contacts.identity_key,
    contacts.master_contact_id,
    coalesce(contacts.account_id, links.account_id) as account_id,
    contacts.external_id,
    contacts.email_key,
    contacts.email_domain,
    contacts.is_deleted,
    contacts.created_at,
    contacts.updated_at
from contacts
left join links on contacts.source = 'hubspot' and contacts.contact_id = links.contact_id
