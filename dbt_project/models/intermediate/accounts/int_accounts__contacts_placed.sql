{# Contacts that were not merged away, on the account that survives, and when they were there: from creation to deletion. #}
select
    contacts.contact_id,
    people.person_key,
    survivors.surviving_account_id as account_id,
    contacts.created_at as valid_from,
    case when contacts.is_deleted then contacts.updated_at end as valid_to
from {{ ref('int_accounts__contacts_united') }} as contacts
inner join {{ ref('int_people__canonical_identities') }} as people
    on people.population = 'crm_contact' and contacts.source = people.vendor and contacts.contact_id = people.source_identity_id
    and not people.was_merged
left join {{ ref('int_accounts__survivors_found') }} as survivors on contacts.account_id = survivors.account_id
