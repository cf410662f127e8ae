{{ config(schema='restricted') }}

{# One row per person, figure and month: the value turned so that more is better, the role held then, and the month of the first training for the
   role: an agent course, the owner training, or a course of a program made for that job title. #}
with role_courses as (
    select courses.company_id, courses.course_id, programs.audience as job_title
    from {{ ref('dim_courses') }} as courses
    inner join {{ ref('bridge_program_courses') }} as bridge on courses.company_id = bridge.company_id and courses.course_id = bridge.course_id
    inner join {{ ref('dim_programs') }} as programs on bridge.company_id = programs.company_id and bridge.program_code = programs.program_code
    where courses.role_title is null and not courses.is_mandatory
    union
    select company_id, course_id, cast(null as {{ type_text() }}) as job_title
    from {{ ref('dim_courses') }}
    where ticket_category is not null or is_owner_training
),

finished as (
    select enrollments.company_id, enrollments.person_key, role_courses.job_title, min(enrollments.completed_at) as trained_at
    from {{ ref('fct_enrollments') }} as enrollments
    inner join role_courses on enrollments.company_id = role_courses.company_id and enrollments.course_id = role_courses.course_id
    where enrollments.is_verified_completion and enrollments.completed_at is not null
    group by enrollments.company_id, enrollments.person_key, role_courses.job_title
),

placed as (
    select
        kpis.company_id, kpis.unit_person_key as person_key, kpis.kpi_code, kpis.period_start,
        case when kpis.direction = 'down' then -kpis.value else kpis.value end as value, kpis.direction, workers.job_title,
        row_number() over (
            partition by kpis.company_id, kpis.unit_person_key, kpis.kpi_code, kpis.period_start order by workers.valid_from desc
        ) as position
    from {{ ref('fct_kpi_observations') }} as kpis
    inner join {{ ref('dim_worker_history') }} as workers
        on kpis.company_id = workers.company_id and kpis.unit_person_key = workers.person_key
        and workers.valid_from <= {{ add_months('kpis.period_start', 1) }}
        and (workers.valid_to is null or workers.valid_to > kpis.period_start)
    where kpis.unit_type = 'person' and kpis.value is not null and workers.job_title is not null
)

select
    placed.company_id, placed.job_title, placed.kpi_code, placed.person_key, {{ month_start('placed.period_start') }} as month_start,
    cast(extract(year from placed.period_start) * 12 + extract(month from placed.period_start) as integer) as month_number,
    cast(min(extract(year from finished.trained_at) * 12 + extract(month from finished.trained_at)) as integer) as trained_month,
    max(placed.value) as value, max(placed.direction) as direction
from placed
left join finished
    on placed.company_id = finished.company_id and placed.person_key = finished.person_key
    and (finished.job_title is null or finished.job_title = placed.job_title)
where placed.position = 1
group by placed.company_id, placed.job_title, placed.kpi_code, placed.person_key, placed.period_start
