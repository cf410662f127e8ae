with contacts as (
    select contacts.identity_key, contacts.source_identity_id, survivors.surviving_contact_id, survivors.was_merged
    from {{ ref('int_people__identities_collected') }} as contacts
    inner join {{ ref('int_people__contact_survivors_found') }} as survivors on contacts.source_identity_id = survivors.contact_id
    where contacts.source = 'salesforce.contacts'
)

select source, source_identity_id, identity_key as person_key, false as was_merged
from {{ ref('int_people__identities_collected') }}
where source = 'bamboohr.employees'

union all

select 'salesforce.contacts', contacts.source_identity_id, coalesce(survivors.identity_key, contacts.identity_key), contacts.was_merged
from contacts
left join contacts as survivors on contacts.surviving_contact_id = survivors.source_identity_id
