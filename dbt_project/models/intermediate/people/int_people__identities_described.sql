{# Each identity with what its own system says of the person: the audience it would give, and whether it is a test identity. #}
select
    identities.source,
    identities.population,
    identities.source_identity_id,
    matched.person_key,
    identities.first_seen_at,
    identities.has_test_domain,
    case
        when identities.population = 'employee' then coalesce(workers.worker_type, 'employee')
        when identities.audience in ('employee', 'contractor', 'partner', 'customer') then identities.audience
        else 'customer'
    end as audience,
    case identities.population
        when 'employee' then 1 when 'crm_contact' then 2 when 'learner' then 3 when 'crm_user' then 4 else 5
    end as rank_of_source
from {{ ref('int_people__identities_collected') }} as identities
inner join {{ ref('int_people__identities_matched') }} as matched
    on identities.source = matched.source and identities.source_identity_id = matched.source_identity_id
left join (
    select source, employee_id, worker_type, row_number() over (partition by source, employee_id order by spell_number desc) as newest
    from {{ ref('int_people__worker_spells') }}
) as workers
    on identities.population = 'employee' and identities.vendor = workers.source
    and identities.source_identity_id = workers.employee_id and workers.newest = 1
