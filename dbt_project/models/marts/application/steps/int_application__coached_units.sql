{{ config(schema='restricted', contract={'enforced': false}) }}

{# Person x outcome: coached and practicing in days 0 to 60 after the first course finished beyond the mandatory list (a, b: thresholds of company.yml), and the
   change of the outcome from the 90 days before that day to days 61 to 150 (y). Only people whose day 150 has passed and who still work here. #}
with starts as (
    select enrollments.company_id, enrollments.person_key, min(enrollments.completed_at) as started_at
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id and not courses.is_mandatory
        and courses.audience = 'employee'
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    where enrollments.is_verified_completion and enrollments.completed_at >= {{ add_days_to_moment('company.observed_from_at', 90) }}
    group by enrollments.company_id, enrollments.person_key
),

people as (
    select
        starts.company_id, starts.person_key, starts.started_at, coalesce(workers.manager_person_key, starts.person_key) as cluster,
        company.coaching_threshold, company.practice_threshold
    from starts
    inner join {{ ref('dim_company') }} as company
        on starts.company_id = company.company_id and {{ add_days_to_moment('starts.started_at', 150) }} <= company.as_of_at
    {{ worker_at('workers', 'starts', 'person_key', 'started_at') }}
    inner join {{ ref('dim_worker_history') }} as later
        on starts.company_id = later.company_id and starts.person_key = later.person_key
        and {{ add_days('starts.started_at', 150) }} >= later.valid_from
        and (later.valid_to is null or {{ add_days('starts.started_at', 150) }} < later.valid_to)
),

coached as (
    select people.company_id, people.person_key, count(*) as events
    from people
    inner join {{ ref('fct_coaching_events') }} as events
        on people.company_id = events.company_id and people.person_key = events.coachee_person_key and events.has_learning_topic
        and events.occurred_at > people.started_at and events.occurred_at <= {{ add_days_to_moment('people.started_at', 60) }}
    group by people.company_id, people.person_key
),

practiced as (
    select people.company_id, people.person_key, count(*) as tasks
    from people
    inner join {{ ref('fct_practice_tasks') }} as tasks
        on people.company_id = tasks.company_id and people.person_key = tasks.person_key and tasks.is_micro
        and tasks.done_at > people.started_at and tasks.done_at <= {{ add_days_to_moment('people.started_at', 60) }}
    group by people.company_id, people.person_key
),

changes as (
    select
        people.company_id, people.person_key, outcomes.outcome,
        avg(case when outcomes.happened_at > {{ add_days_to_moment('people.started_at', 60) }} then outcomes.value end)
        - avg(case when outcomes.happened_at <= people.started_at then outcomes.value end) as y
    from people
    inner join {{ ref('int_application__person_kpis') }} as outcomes
        on people.company_id = outcomes.company_id and people.person_key = outcomes.person_key
        and outcomes.happened_at > {{ add_days_to_moment('people.started_at', -90) }}
        and outcomes.happened_at <= {{ add_days_to_moment('people.started_at', 150) }}
    group by people.company_id, people.person_key, outcomes.outcome
    union all
    select
        people.company_id, people.person_key, 'verified_use' as outcome,
        {{ to_double('sum(case when uses.occurred_at > ' ~ add_days_to_moment('people.started_at', 60) ~ ' then 1 else 0 end)') }}
        - {{ to_double('sum(case when uses.occurred_at <= people.started_at then 1 else 0 end)') }} as y
    from people
    left join {{ ref('int_application__uses_seen_by_others') }} as uses
        on people.company_id = uses.company_id and people.person_key = uses.person_key
        and uses.occurred_at > {{ add_days_to_moment('people.started_at', -90) }}
        and uses.occurred_at <= {{ add_days_to_moment('people.started_at', 150) }}
    group by people.company_id, people.person_key
)

select
    people.company_id, changes.outcome, people.person_key, people.cluster,
    {{ one_if('coalesce(coached.events, 0) >= people.coaching_threshold') }} as a,
    {{ one_if('coalesce(practiced.tasks, 0) >= people.practice_threshold') }} as b, changes.y
from people
inner join changes on people.company_id = changes.company_id and people.person_key = changes.person_key
left join coached on people.company_id = coached.company_id and people.person_key = coached.person_key
left join practiced on people.company_id = practiced.company_id and people.person_key = practiced.person_key
where changes.y is not null
