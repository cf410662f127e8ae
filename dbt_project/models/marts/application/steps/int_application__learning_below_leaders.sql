{{ config(schema='restricted', contract={'enforced': false}) }}

{# Leader x person below today (self excluded): did the person start or finish something beyond the mandatory list in the last 28 days, and does
   this leader keep a named log? #}
with learners as (
    {% for moment in ['started_at', 'completed_at'] %}
    select enrollments.company_id, enrollments.person_key
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id and not courses.is_mandatory
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    where enrollments.enrollment_source <> 'mandatory' and enrollments.{{ moment }} < company.as_of_at
        and enrollments.{{ moment }} >= {{ add_days_to_moment('company.as_of_at', -28) }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

loggers as (
    select distinct entries.company_id, entries.person_key
    from {{ ref('fct_learning_log_entries') }} as entries
    inner join {{ ref('dim_worker_history') }} as workers
        on entries.company_id = workers.company_id and entries.person_key = workers.person_key and workers.is_current and workers.is_leader
    where entries.is_named
),

lines as (
    select distinct closure.company_id, closure.manager_person_key as leader_person_key, closure.person_key
    from {{ ref('dim_org_closure') }} as closure
    inner join {{ ref('dim_company') }} as company on closure.company_id = company.company_id
    where closure.valid_from <= {{ to_date('company.as_of_at') }} and (closure.valid_to is null or closure.valid_to > {{ to_date('company.as_of_at') }})
        and closure.manager_person_key <> closure.person_key
)

select
    lines.company_id, lines.leader_person_key, lines.person_key,
    {{ one_if('learners.person_key is not null') }} as has_learned,
    leaders.job_title, {{ one_if('loggers.person_key is not null') }} as has_log
from lines
inner join {{ ref('dim_worker_history') }} as leaders
    on lines.company_id = leaders.company_id and lines.leader_person_key = leaders.person_key and leaders.is_current and leaders.is_leader
left join learners on lines.company_id = learners.company_id and lines.person_key = learners.person_key
left join loggers on lines.company_id = loggers.company_id and lines.leader_person_key = loggers.person_key
