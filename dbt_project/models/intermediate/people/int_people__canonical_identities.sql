with contacts as (
    select contacts.*, survivors.surviving_contact_id, survivors.was_merged
    from {{ ref('int_people__identities_collected') }} as contacts
    inner join {{ ref('int_people__contact_survivors_found') }} as survivors on contacts.source_identity_id = survivors.contact_id
    where contacts.population = 'crm_contact'
)

select source, vendor, population, source_identity_id, identity_key as person_key, false as was_merged
from {{ ref('int_people__identities_collected') }}
where population = 'employee'

union all

select
    contacts.source,
    contacts.vendor,
    contacts.population,
    contacts.source_identity_id,
    coalesce(survivors.identity_key, contacts.identity_key),
    contacts.was_merged
from contacts
left join contacts as survivors
    on contacts.source = survivors.source and contacts.surviving_contact_id = survivors.source_identity_id
