{{ config(schema='restricted', contract={'enforced': false}) }}

{# Person now: the last one-to-one with today's manager, the newest check-in, open goals of both kinds, and the widest gap assessed in the last 30 days. #}
{% set keys = ['company_id', 'person_key'] %}

with reports as (
    select workers.company_id, workers.person_key, workers.manager_person_key, company.as_of_at
    from {{ ref('dim_worker_history') }} as workers
    inner join {{ ref('dim_company') }} as company on workers.company_id = company.company_id
    where workers.is_current and workers.manager_person_key is not null
),

talks as (
    select reports.company_id, reports.person_key, max({{ to_date('events.occurred_at') }}) as last_one_to_one_date
    from reports
    inner join {{ ref('fct_coaching_events') }} as events
        on reports.company_id = events.company_id and reports.person_key = events.coachee_person_key
        and reports.manager_person_key = events.coach_person_key and events.event_type = 'one_to_one' and events.occurred_at < reports.as_of_at
    group by reports.company_id, reports.person_key
),

checkins as (
    select
        company_id, person_key, week_start as last_checkin_week, used_learning, confidence,
        row_number() over (partition by company_id, person_key order by week_start desc, checkin_id asc) as position
    from {{ ref('fct_checkins') }}
),

goals as (
    select
        company_id, person_key, sum({{ one_if("goal_type = 'learning'") }}) as open_learning_goals,
        sum({{ one_if("goal_type = 'performance'") }}) as open_performance_goals
    from {{ ref('fct_goals') }}
    where status = 'open'
    group by company_id, person_key
),

gaps as (
    select
        reports.company_id, reports.person_key, assessments.skill_code as gap_skill,
        row_number() over (
            partition by reports.company_id, reports.person_key
            order by levels.required_level - assessments.level desc, assessments.assessed_at desc, assessments.skill_code asc
        ) as position
    from reports
    inner join {{ ref('dim_worker_history') }} as workers
        on reports.company_id = workers.company_id and reports.person_key = workers.person_key and workers.is_current
    inner join {{ ref('fct_skill_assessments') }} as assessments
        on reports.company_id = assessments.company_id and reports.person_key = assessments.person_key and assessments.assessed_by <> 'self'
        and assessments.assessed_at >= {{ add_days_to_moment('reports.as_of_at', -30) }} and assessments.assessed_at < reports.as_of_at
    inner join {{ ref('dim_role_skill_levels') }} as levels
        on workers.company_id = levels.company_id and workers.job_title = levels.job_title and assessments.skill_code = levels.skill_code
        and levels.valid_from <= {{ to_date('reports.as_of_at') }} and levels.required_level > assessments.level
)

select
    reports.company_id, reports.person_key, talks.last_one_to_one_date, checkins.last_checkin_week, checkins.used_learning as last_checkin_used_learning,
    checkins.confidence as last_checkin_confidence, coalesce(goals.open_learning_goals, 0) as open_learning_goals,
    coalesce(goals.open_performance_goals, 0) as open_performance_goals, gaps.gap_skill
from reports
left join talks on {{ same('reports', 'talks', keys) }}
left join checkins on {{ same('reports', 'checkins', keys) }} and checkins.position = 1
left join goals on {{ same('reports', 'goals', keys) }}
left join gaps on {{ same('reports', 'gaps', keys) }} and gaps.position = 1
