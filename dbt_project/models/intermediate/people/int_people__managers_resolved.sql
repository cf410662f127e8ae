with periods as (
    select
        periods.*,
        employees.manager_employee_id as current_manager_employee_id
    from {{ ref('int_people__job_periods') }} as periods
    inner join {{ ref('stg_bamboohr__employees') }} as employees on periods.employee_id = employees.employee_id
),

employees as (
    select source_identity_id as employee_id, person_key
    from {{ ref('int_people__canonical_identities') }}
    where source = 'bamboohr.employees'
)

select
    periods.*,
    person.person_key,
    case when periods.valid_to is null then coalesce(by_id.person_key, by_name.person_key) else by_name.person_key end as manager_person_key,
    case
        when periods.valid_to is null and by_id.person_key is not null then 'by id'
        when by_name.person_key is not null then 'by name'
        else 'unknown'
    end as manager_basis
from periods
inner join employees as person on periods.employee_id = person.employee_id
left join employees as by_id on periods.current_manager_employee_id = by_id.employee_id
left join {{ ref('int_people__manager_names_resolved') }} as names on periods.manager_name_key = names.manager_name_key
left join employees as by_name on names.manager_employee_id = by_name.employee_id
