{# Each identity with what its own system says of the person: the audience it would give, and whether it is a test identity. #}
select
    identities.source,
    identities.source_identity_id,
    matched.person_key,
    identities.first_seen_at,
    identities.has_test_domain,
    case
        when identities.source = 'bamboohr.employees' then coalesce(workers.worker_type, 'employee')
        when identities.source = 'salesforce.contacts' then 'customer'
        when identities.source = 'salesforce.users' then 'employee'
        when identities.source = 'absorb.users' and learners.audience in ('employee', 'contractor', 'partner', 'customer') then learners.audience
        when identities.source = 'zendesk.users' and support_users.role in ('agent', 'admin') then 'employee'
        else 'customer'
    end as audience,
    case identities.source
        when 'bamboohr.employees' then 1 when 'salesforce.contacts' then 2 when 'absorb.users' then 3
        when 'salesforce.users' then 4 else 5
    end as rank_of_source
from {{ ref('int_people__identities_collected') }} as identities
inner join {{ ref('int_people__identities_matched') }} as matched
    on identities.source = matched.source and identities.source_identity_id = matched.source_identity_id
left join (
    select employee_id, worker_type, row_number() over (partition by employee_id order by spell_number desc) as newest
    from {{ ref('int_people__worker_spells') }}
) as workers
    on identities.source = 'bamboohr.employees' and identities.source_identity_id = workers.employee_id and workers.newest = 1
left join {{ ref('stg_absorb__users') }} as learners
    on identities.source = 'absorb.users' and identities.source_identity_id = learners.learner_id
left join {{ ref('stg_zendesk__users') }} as support_users
    on identities.source = 'zendesk.users' and identities.source_identity_id = support_users.support_user_id
