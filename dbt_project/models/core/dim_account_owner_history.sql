{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('owners.account_id') }} as account_id,
    {{ to_text('people.person_key') }} as owner_person_key,
    {{ to_timestamp('owners.valid_from') }} as valid_from,
    {{ to_timestamp('owners.valid_to') }} as valid_to
from {{ ref('int_accounts__owners_followed') }} as owners
left join {{ ref('int_people__identities_matched') }} as people
    on people.population = 'crm_user' and owners.source = people.vendor and owners.owner_crm_user_id = people.source_identity_id
cross join {{ ref('stg_company__settings') }} as company
where owners.valid_to is null or owners.valid_to > owners.valid_from
