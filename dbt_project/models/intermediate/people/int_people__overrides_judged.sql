{# What somebody decided by hand about a record of a person; the newest decision about a record counts, also when it cannot be used.
   HR workers and CRM contacts are people by themselves: no decision makes two of them one. #}
with decisions as (
    select
        overrides.*,
        row_number() over (
            partition by overrides.source, overrides.source_identity_id order by overrides.decided_at desc, overrides.override_id desc
        ) as newest
    from {{ ref('stg_drops__identity_overrides') }} as overrides
),

looked_up as (
    select
        decisions.source,
        decisions.source_identity_id,
        decisions.override_id,
        decisions.decided_at,
        person.person_key,
        identities.source_identity_id is not null as is_known,
        own.source_identity_id is not null as is_a_person,
        decisions.person_source is null and decisions.person_source_id is null as says_nobody
    from decisions
    left join {{ ref('int_people__identities_collected') }} as identities
        on decisions.source = identities.source and decisions.source_identity_id = identities.source_identity_id
    left join {{ ref('int_people__canonical_identities') }} as own
        on decisions.source = own.source and decisions.source_identity_id = own.source_identity_id
    left join {{ ref('int_people__canonical_identities') }} as person
        on decisions.person_source = person.source and decisions.person_source_id = person.source_identity_id
    where decisions.newest = 1
)

select
    source,
    source_identity_id,
    override_id,
    decided_at,
    case when is_known and not is_a_person and not says_nobody then person_key end as person_key,
    case
        when not is_known then 'unknown_record'
        when is_a_person then 'two_people'
        when says_nobody then 'nobody'
        when person_key is null then 'unknown_person'
        else 'person'
    end as judgment
from looked_up
