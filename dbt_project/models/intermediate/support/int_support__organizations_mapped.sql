{# An organization is the account its external id names; else the one account whose web domain is among its mail domains.
   A public mail domain says nothing. #}
with organization_domains as (
    select organizations.organization_id, lower(trim(domain.value)) as domain
    from {{ ref('stg_zendesk__organizations') }} as organizations
    {{ json_texts('organizations.domain_names', 'domain') }}
),

accounts_of_domains as (
    select
        organization_domains.organization_id,
        count(distinct survivors.surviving_account_id) as accounts,
        min(survivors.surviving_account_id) as account_id
    from organization_domains
    inner join {{ ref('stg_salesforce__accounts') }} as accounts on organization_domains.domain = accounts.website_domain
    inner join {{ ref('int_accounts__survivors_found') }} as survivors on accounts.account_id = survivors.account_id
    left join {{ ref('stg_company__public_domains') }} as public_domains on organization_domains.domain = public_domains.domain
    where public_domains.domain is null
    group by organization_domains.organization_id
)

select
    organizations.organization_id,
    case
        when named.surviving_account_id is not null then named.surviving_account_id
        when accounts_of_domains.accounts = 1 then accounts_of_domains.account_id
    end as account_id,
    case
        when named.surviving_account_id is not null then 'external_id'
        when accounts_of_domains.accounts = 1 then 'domain'
    end as rule
from {{ ref('stg_zendesk__organizations') }} as organizations
left join {{ ref('int_accounts__survivors_found') }} as named on organizations.external_id = named.account_id
left join accounts_of_domains on organizations.organization_id = accounts_of_domains.organization_id
