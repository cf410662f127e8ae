with identities as (
    select
        'bamboohr.employees' as source, employee_id as source_identity_id, identity_key, email_key, email_domain,
        cast(null as {{ type_text() }}) as external_id, {{ to_timestamp('hired_date') }} as first_seen_at
    from {{ ref('stg_bamboohr__employees') }}
    union all
    select
        'salesforce.contacts', contact_id, identity_key, email_key, email_domain,
        cast(null as {{ type_text() }}), created_at
    from {{ ref('stg_salesforce__contacts') }}
    union all
    select 'salesforce.users', crm_user_id, identity_key, email_key, email_domain, employee_number, created_at
    from {{ ref('stg_salesforce__users') }}
    union all
    select 'absorb.users', learner_id, identity_key, email_key, email_domain, external_id, created_at
    from {{ ref('stg_absorb__users') }}
    union all
    select 'zendesk.users', support_user_id, identity_key, email_key, email_domain, external_id, created_at
    from {{ ref('stg_zendesk__users') }}
)

select
    identities.*,
    coalesce(test_domains.rule_value is not null, false) as has_test_domain
from identities
left join {{ ref('stg_company__test_rules') }} as test_domains
    on test_domains.rule = 'email_domain' and identities.email_domain = lower(test_domains.rule_value)
