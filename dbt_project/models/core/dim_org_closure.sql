{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('chains.manager_person_key') }} as manager_person_key,
    {{ to_text('chains.person_key') }} as person_key,
    {{ to_count('chains.depth') }} as depth,
    {{ to_date('chains.valid_from') }} as valid_from,
    {{ to_date('chains.valid_to') }} as valid_to
from {{ ref('int_people__manager_chains') }} as chains
cross join {{ ref('stg_company__settings') }} as company
where not chains.closes_cycle
