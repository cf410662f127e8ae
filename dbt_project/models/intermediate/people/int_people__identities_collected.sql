{# The list is the vendor's, the population is ours: employee, crm_contact, crm_user, learner or support_user. The audience is what
   the vendor itself says of the person; HR says it per spell of employment, not here. #}
with identities as (
    select
        source as vendor, list_name, 'employee' as population, employee_id as source_identity_id, identity_key, email_key, email_domain,
        cast(null as {{ type_text() }}) as external_id, {{ to_timestamp('hired_date') }} as first_seen_at,
        cast(null as {{ type_text() }}) as audience
    from {{ ref('int_people__employees_united') }}
    union all
    select source, 'contacts', 'crm_contact', contact_id, identity_key, email_key, email_domain, external_id, created_at, 'customer'
    from {{ ref('int_accounts__contacts_united') }}
    union all
    select source, list_name, 'crm_user', crm_user_id, identity_key, email_key, email_domain, employee_number, created_at, 'employee'
    from {{ ref('int_accounts__crm_users_united') }}
    union all
    select source, list_name, 'learner', learner_id, identity_key, email_key, email_domain, external_id, created_at, audience
    from {{ ref('int_learning__learners_united') }}
    union all
    select
        source, list_name, 'support_user', support_user_id, identity_key, email_key, email_domain, external_id, created_at,
        case when role in ('agent', 'admin') then 'employee' else 'customer' end
    from {{ ref('int_support__users_united') }}
)

select
    identities.vendor || '.' || identities.list_name as source,
    identities.vendor,
    identities.population,
    identities.source_identity_id,
    identities.identity_key,
    identities.email_key,
    identities.email_domain,
    identities.external_id,
    identities.first_seen_at,
    identities.audience,
    coalesce(test_domains.rule_value is not null, false) as has_test_domain
from identities
left join {{ ref('stg_company__test_rules') }} as test_domains
    on test_domains.rule = 'email_domain' and identities.email_domain = lower(test_domains.rule_value)
