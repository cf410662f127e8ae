{{ config(schema='restricted') }}

with ranked as (
    select
        identities.*,
        row_number() over (partition by person_key order by rank_of_source, first_seen_at, source_identity_id) as position
    from {{ ref('int_people__identities_described') }} as identities
)

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('ranked.person_key') }} as person_key,
    {{ to_text('max(case when ranked.position = 1 then ranked.audience end)') }} as audience,
    {{ to_timestamp('min(ranked.first_seen_at)') }} as first_seen_at,
    {{ to_flag('max(' ~ one_if('ranked.has_test_domain') ~ ') = 1') }} as is_test,
    {{ to_flag('max(' ~ one_if("ranked.population = 'employee'") ~ ') = 1') }} as has_hr_record,
    {{ to_flag('max(' ~ one_if("ranked.population in ('crm_contact', 'crm_user')") ~ ') = 1') }} as has_crm_record,
    {{ to_flag('max(' ~ one_if("ranked.population = 'learner'") ~ ') = 1') }} as has_lms_record
from ranked
cross join {{ ref('stg_company__settings') }} as company
group by company.company_id, ranked.person_key
