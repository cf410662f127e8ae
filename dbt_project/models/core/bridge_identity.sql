{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('matched.source') }} as source,
    {{ to_text('matched.population') }} as population,
    {{ to_text('matched.source_identity_id') }} as source_identity_id,
    {{ to_text('matched.identity_key') }} as identity_key,
    {{ to_text('matched.person_key') }} as person_key,
    {{ to_text('matched.rule') }} as rule,
    {{ to_double('matched.confidence') }} as confidence,
    {{ to_flag('matched.is_matched') }} as is_matched
from {{ ref('int_people__identities_matched') }} as matched
cross join {{ ref('stg_company__settings') }} as company
