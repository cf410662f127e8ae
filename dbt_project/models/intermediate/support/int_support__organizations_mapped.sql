{# An organization is the account its external id names, by the account's id in the CRM before the id it has elsewhere; else the one
   account whose web domain is among its mail domains. A public mail domain says nothing, nor does an id or a domain of two accounts. #}
with names_of_accounts as (
    select account_id as external_id, surviving_account_id from {{ ref('int_accounts__survivors_found') }}
    union
    select accounts.external_id, survivors.surviving_account_id
    from {{ ref('int_accounts__accounts_united') }} as accounts
    inner join {{ ref('int_accounts__survivors_found') }} as survivors on accounts.account_id = survivors.account_id
    left join {{ ref('int_accounts__survivors_found') }} as own on accounts.external_id = own.account_id
    where accounts.external_id is not null and own.account_id is null
),

named as (
    select external_id, min(surviving_account_id) as account_id
    from names_of_accounts
    group by external_id
    having count(distinct surviving_account_id) = 1
),

organization_domains as (
    select organizations.source, organizations.organization_id, lower(trim(domain.value)) as domain
    from {{ ref('int_support__organizations_united') }} as organizations
    {{ json_texts('organizations.domain_names', 'domain') }}
),

accounts_of_domains as (
    select
        organization_domains.source,
        organization_domains.organization_id,
        count(distinct survivors.surviving_account_id) as accounts,
        min(survivors.surviving_account_id) as account_id
    from organization_domains
    inner join {{ ref('int_accounts__accounts_united') }} as accounts on organization_domains.domain = accounts.website_domain
    inner join {{ ref('int_accounts__survivors_found') }} as survivors on accounts.account_id = survivors.account_id
    left join {{ ref('stg_company__public_domains') }} as public_domains on organization_domains.domain = public_domains.domain
    where public_domains.domain is null
    group by organization_domains.source, organization_domains.organization_id
)

select
    organizations.source,
    organizations.organization_id,
    case
        when named.account_id is not null then named.account_id
        when accounts_of_domains.accounts = 1 then accounts_of_domains.account_id
    end as account_id,
    case
        when named.account_id is not null then 'external_id'
        when accounts_of_domains.accounts = 1 then 'domain'
    end as rule
from {{ ref('int_support__organizations_united') }} as organizations
left join named on organizations.external_id = named.external_id
left join accounts_of_domains
    on organizations.source = accounts_of_domains.source and organizations.organization_id = accounts_of_domains.organization_id
