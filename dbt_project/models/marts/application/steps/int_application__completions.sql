{{ config(schema='restricted', contract={'enforced': false}) }}

{# The first verified completion of a course of a program by a person who worked here that day. #}
with first_completions as (
    select enrollments.company_id, programs.program_code, enrollments.person_key, min(enrollments.completed_at) as completed_at
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('bridge_program_courses') }} as programs
        on enrollments.company_id = programs.company_id and enrollments.course_id = programs.course_id
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    where enrollments.is_verified_completion and enrollments.completed_at < company.as_of_at and enrollments.person_key is not null
    group by enrollments.company_id, programs.program_code, enrollments.person_key
),

spells as (
    select
        done.company_id, done.program_code, done.person_key, max(coalesce(spells.terminated_date, {{ to_date("'9999-12-31'") }})) as leaving_date
    from first_completions as done
    inner join {{ ref('dim_worker_spells') }} as spells
        on done.company_id = spells.company_id and done.person_key = spells.person_key
        and {{ to_date('done.completed_at') }} >= spells.hired_date
        and (spells.terminated_date is null or {{ to_date('done.completed_at') }} < spells.terminated_date)
    group by done.company_id, done.program_code, done.person_key
)

select
    done.company_id, done.program_code, done.person_key, done.completed_at, coalesce(workers.department, 'Unknown') as department,
    workers.manager_person_key, spells.leaving_date, company.as_of_at
from first_completions as done
inner join spells on {{ same('done', 'spells', ['company_id', 'program_code', 'person_key']) }}
inner join {{ ref('dim_company') }} as company on done.company_id = company.company_id
{{ worker_at('workers', 'done', 'person_key', 'completed_at', 'left') }}
