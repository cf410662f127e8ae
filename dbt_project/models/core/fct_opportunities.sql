{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('opportunities.opportunity_id') }} as opportunity_id,
    {{ to_text('coalesce(survivors.surviving_account_id, opportunities.account_id)') }} as account_id,
    {{ to_text('owners.person_key') }} as owner_person_key,
    {{ to_text('opportunities.opportunity_type') }} as type,
    {{ to_double('opportunities.amount') }} as amount,
    {{ to_text('opportunities.currency') }} as currency,
    {{ to_timestamp('opportunities.created_at') }} as created_at,
    {{ to_timestamp('opportunities.closed_at') }} as closed_at,
    {{ to_flag('opportunities.is_closed') }} as is_closed,
    {{ to_flag('opportunities.is_won') }} as is_won
from {{ ref('int_accounts__opportunities_united') }} as opportunities
left join {{ ref('int_accounts__survivors_found') }} as survivors on opportunities.account_id = survivors.account_id
left join {{ ref('int_people__identities_matched') }} as owners
    on owners.population = 'crm_user' and opportunities.source = owners.vendor and opportunities.owner_crm_user_id = owners.source_identity_id
cross join {{ ref('stg_company__settings') }} as company
where not opportunities.is_deleted
