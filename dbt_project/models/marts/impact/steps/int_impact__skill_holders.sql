{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per person and skill at expert level (4 of 5) at the last measure by somebody else, for people who work here: is a leaving announced, and
   how many people have they coached or given feedback on that skill in the last year? #}
with measured as (
    select
        assessments.company_id, assessments.person_key, assessments.skill_code, assessments.level,
        row_number() over (
            partition by assessments.company_id, assessments.person_key, assessments.skill_code
            order by assessments.assessed_at desc, assessments.assessment_id desc
        ) as position
    from {{ ref('fct_skill_assessments') }} as assessments
    where assessments.level is not null and assessments.assessed_by <> 'self' and assessments.person_key is not null
),

working as (
    select workers.company_id, workers.person_key, max(coalesce(workers.department, 'Unknown')) as department
    from {{ ref('dim_worker_history') }} as workers
    inner join {{ ref('dim_company') }} as company on workers.company_id = company.company_id
    where workers.valid_from <= {{ to_date('company.as_of_at') }}
        and (workers.valid_to is null or workers.valid_to > {{ to_date('company.as_of_at') }})
    group by workers.company_id, workers.person_key
),

leaving as (
    select distinct notices.company_id, notices.person_key
    from {{ ref('fct_exit_notices') }} as notices
    inner join {{ ref('dim_company') }} as company on notices.company_id = company.company_id
    where notices.announced_at < company.as_of_at and notices.leaving_date >= {{ to_date('company.as_of_at') }}
),

taught as (
    select tasks.company_id, tasks.feedback_by_person_key as person_key, tasks.skill_code, count(distinct tasks.person_key) as mentees
    from {{ ref('fct_practice_tasks') }} as tasks
    inner join {{ ref('dim_company') }} as company on tasks.company_id = company.company_id
    where tasks.feedback_at >= {{ add_days_to_moment('company.as_of_at', '-365') }} and tasks.feedback_by_person_key is not null
    group by tasks.company_id, tasks.feedback_by_person_key, tasks.skill_code
)

select
    measured.company_id, measured.person_key, measured.skill_code, working.department,
    case when leaving.person_key is not null then 1 else 0 end as is_leaving,
    coalesce(taught.mentees, 0) as mentees, company.mentoring_target
from measured
inner join {{ ref('dim_company') }} as company on measured.company_id = company.company_id
inner join working on measured.company_id = working.company_id and measured.person_key = working.person_key
left join leaving on measured.company_id = leaving.company_id and measured.person_key = leaving.person_key
left join taught
    on measured.company_id = taught.company_id and measured.person_key = taught.person_key and measured.skill_code = taught.skill_code
where measured.position = 1 and measured.level >= 4
