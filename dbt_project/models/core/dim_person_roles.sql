{{ config(schema='restricted') }}

with roles as (
    select
        people.person_key,
        coalesce(spells.worker_type, 'employee') as role,
        cast(null as {{ type_text() }}) as account_id,
        {{ to_timestamp('spells.hired_date') }} as valid_from,
        {{ to_timestamp('spells.terminated_date') }} as valid_to
    from {{ ref('int_people__worker_spells') }} as spells
    inner join {{ ref('int_people__canonical_identities') }} as people
        on people.population = 'employee' and spells.source = people.vendor and spells.employee_id = people.source_identity_id
    union all
    select person_key, 'customer_contact', account_id, valid_from, valid_to
    from {{ ref('int_accounts__contacts_placed') }}
    union all
    select person_key, 'partner', cast(null as {{ type_text() }}), valid_from, valid_to
    from {{ ref('int_people__partners_found') }}
)

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('roles.person_key') }} as person_key,
    {{ to_text('roles.role') }} as role,
    {{ to_text('roles.account_id') }} as account_id,
    {{ to_timestamp('roles.valid_from') }} as valid_from,
    {{ to_timestamp('roles.valid_to') }} as valid_to
from roles
cross join {{ ref('stg_company__settings') }} as company
