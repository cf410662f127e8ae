{{ config(schema='restricted') }}

with first_jobs as (
    select
        spells.source,
        spells.employee_id,
        spells.spell_number,
        periods.job_title,
        row_number() over (
            partition by spells.source, spells.employee_id, spells.spell_number order by periods.valid_from
        ) as position
    from {{ ref('int_people__worker_spells') }} as spells
    inner join {{ ref('int_people__job_periods') }} as periods
        on spells.source = periods.source and spells.employee_id = periods.employee_id
        and (periods.valid_to is null or periods.valid_to > spells.hired_date)
        and (spells.terminated_date is null or periods.valid_from < spells.terminated_date)
)

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('person.person_key') }} as person_key,
    {{ to_text('spells.employee_id') }} as worker_id,
    {{ to_count('spells.spell_number') }} as spell_number,
    {{ to_date('spells.hired_date') }} as hired_date,
    {{ to_date('spells.terminated_date') }} as terminated_date,
    {{ to_text('spells.termination_type') }} as termination_type,
    {{ to_text('first_jobs.job_title') }} as first_job_title
from {{ ref('int_people__worker_spells') }} as spells
inner join {{ ref('int_people__canonical_identities') }} as person
    on person.population = 'employee' and spells.source = person.vendor and spells.employee_id = person.source_identity_id
left join first_jobs
    on spells.source = first_jobs.source and spells.employee_id = first_jobs.employee_id
    and spells.spell_number = first_jobs.spell_number and first_jobs.position = 1
cross join {{ ref('stg_company__settings') }} as company
