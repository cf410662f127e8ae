with contacts as (
    select contact_id, master_contact_id from {{ ref('int_accounts__contacts_united') }}
)

select
    contact.contact_id,
    coalesce(third.master_contact_id, second.master_contact_id, contact.master_contact_id, contact.contact_id) as surviving_contact_id,
    contact.master_contact_id is not null as was_merged
from contacts as contact
left join contacts as second on contact.master_contact_id = second.contact_id
left join contacts as third on second.master_contact_id = third.contact_id
