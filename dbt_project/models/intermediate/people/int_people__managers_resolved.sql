with periods as (
    select
        periods.*,
        coalesce(
            periods.manager_employee_id, case when periods.valid_to is null then employees.manager_employee_id end
        ) as known_manager_employee_id
    from {{ ref('int_people__job_periods') }} as periods
    inner join {{ ref('int_people__employees_united') }} as employees
        on periods.source = employees.source and periods.employee_id = employees.employee_id
),

employees as (
    select vendor, source_identity_id as employee_id, person_key
    from {{ ref('int_people__canonical_identities') }}
    where population = 'employee'
)

select
    periods.*,
    person.person_key,
    coalesce(by_id.person_key, by_name.person_key) as manager_person_key,
    case
        when by_id.person_key is not null then 'by id'
        when by_name.person_key is not null then 'by name'
        else 'unknown'
    end as manager_basis
from periods
inner join employees as person on periods.source = person.vendor and periods.employee_id = person.employee_id
left join employees as by_id on periods.source = by_id.vendor and periods.known_manager_employee_id = by_id.employee_id
left join {{ ref('int_people__manager_names_resolved') }} as names
    on periods.source = names.source and periods.manager_name_key = names.manager_name_key
left join employees as by_name on names.source = by_name.vendor and names.manager_employee_id = by_name.employee_id
