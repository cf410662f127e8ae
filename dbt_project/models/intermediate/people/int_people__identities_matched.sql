with canonical as (
    select * from {{ ref('int_people__canonical_identities') }}
),

{# a mailbox says who somebody is only when exactly one canonical person has it #}
people_of_mailbox as (
    select identities.email_key, count(distinct canonical.person_key) as people, min(canonical.person_key) as person_key
    from canonical
    inner join {{ ref('int_people__identities_collected') }} as identities
        on canonical.source = identities.source and canonical.source_identity_id = identities.source_identity_id
    where not canonical.was_merged and identities.email_key is not null
    group by identities.email_key
),

{# other systems may name a contact by its id in the CRM before the id that the CRM got from elsewhere #}
names_of_contacts as (
    select source_identity_id as external_id, person_key from canonical where population = 'crm_contact'
    union
    select identities.external_id, canonical.person_key
    from canonical
    inner join {{ ref('int_people__identities_collected') }} as identities
        on canonical.source = identities.source and canonical.source_identity_id = identities.source_identity_id
    left join canonical as own on own.population = 'crm_contact' and identities.external_id = own.source_identity_id
    where canonical.population = 'crm_contact' and identities.external_id is not null and own.source_identity_id is null
),

contacts_named as (
    select external_id, min(person_key) as person_key
    from names_of_contacts
    group by external_id
    having count(distinct person_key) = 1
),

looked_up as (
    select
        identities.source,
        identities.vendor,
        identities.population,
        identities.source_identity_id,
        identities.identity_key,
        own.person_key as own_person_key,
        coalesce(own.was_merged, false) as was_merged,
        coalesce(employee.person_key, contact.person_key) as person_of_external_id,
        mailbox.people as people_of_mailbox,
        mailbox.person_key as person_of_mailbox,
        overrides.judgment,
        overrides.person_key as person_of_override
    from {{ ref('int_people__identities_collected') }} as identities
    left join canonical as own
        on identities.source = own.source and identities.source_identity_id = own.source_identity_id
    left join {{ ref('int_people__employees_known') }} as employee on identities.external_id = employee.employee_id
    left join contacts_named as contact on identities.population <> 'crm_user' and identities.external_id = contact.external_id
    left join people_of_mailbox as mailbox on identities.email_key = mailbox.email_key
    left join {{ ref('int_people__overrides_judged') }} as overrides
        on identities.source = overrides.source and identities.source_identity_id = overrides.source_identity_id
        and overrides.judgment in ('person', 'nobody')
),

ruled as (
    select
        looked_up.*,
        case
            when was_merged then 'merged'
            when own_person_key is not null then 'canonical'
            when judgment is not null then 'manual'
            when person_of_external_id is not null then 'external_id'
            when people_of_mailbox = 1 then 'email'
            when people_of_mailbox > 1 then 'ambiguous'
            else 'unmatched'
        end as rule
    from looked_up
)

select
    source,
    vendor,
    population,
    source_identity_id,
    identity_key,
    case
        when rule in ('merged', 'canonical') then own_person_key
        when rule = 'manual' then coalesce(person_of_override, identity_key)
        when rule = 'external_id' then person_of_external_id
        when rule = 'email' then person_of_mailbox
        else identity_key
    end as person_key,
    rule,
    case when rule = 'email' then 0.9 when rule in ('ambiguous', 'unmatched') then 0.0 else 1.0 end as confidence,
    rule not in ('ambiguous', 'unmatched') and coalesce(judgment, 'person') <> 'nobody' as is_matched
from ruled
