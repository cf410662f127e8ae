{{ config(schema='restricted', contract={'enforced': false}) }}
{% set keys = ['company_id', 'month_start', 'manager_person_key'] %}

{# Manager x month with reports: learned beyond the mandatory list, what answering reports say, and both sides of one survey item over three months. #}
with managers as (
    select company_id, month_start, manager_person_key, count(distinct person_key) as reports
    from {{ ref('int_application__worker_months') }}
    where manager_person_key is not null
    group by company_id, month_start, manager_person_key
),

learned as (
    {% for moment in ['started_at', 'completed_at'] %}
    select enrollments.company_id, {{ month_start('enrollments.' ~ moment) }} as month_start, enrollments.person_key as manager_person_key
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id and not courses.is_mandatory
    where enrollments.{{ moment }} is not null
    union
    {% endfor %}
    select company_id, {{ month_start('done_at') }} as month_start, person_key as manager_person_key
    from {{ ref('fct_practice_tasks') }}
    where done_at is not null
),

said as (
    select company_id, month_start, manager_person_key, count(*) as answering, sum(was_asked) as asked
    from (
        select
            company_id, {{ month_start('week_start') }} as month_start, manager_person_key, person_key, max({{ one_if('manager_asked') }}) as was_asked
        from {{ ref('fct_checkins') }}
        where manager_asked is not null and manager_person_key is not null
        group by company_id, {{ month_start('week_start') }}, manager_person_key, person_key
    ) as reports
    group by company_id, month_start, manager_person_key
),

answers as (
    select
        company_id, {{ month_start('answered_at') }} as month_start, instrument, 5 * {{ ratio('score', 'maximum_score') }} as score,
        case instrument when 'leadership_self' then person_key else manager_person_key end as manager_person_key
    from {{ ref('fct_survey_responses') }}
    where instrument in ('leadership_self', 'leadership_upward') and item_code = 'supports_learning'
),

rated as (
    select
        managers.company_id, managers.month_start, managers.manager_person_key,
        avg(case when answers.instrument = 'leadership_self' then answers.score end) as own_score,
        avg(case when answers.instrument = 'leadership_upward' then answers.score end) as reports_score
    from managers
    inner join answers
        on managers.company_id = answers.company_id and managers.manager_person_key = answers.manager_person_key
        and answers.month_start between {{ add_months('managers.month_start', -2) }} and managers.month_start
    group by managers.company_id, managers.month_start, managers.manager_person_key
),

homes as (
    select company_id, month_start, person_key as manager_person_key, max(department) as department
    from {{ ref('int_application__worker_months') }}
    group by company_id, month_start, person_key
)

select
    managers.company_id, managers.month_start, managers.manager_person_key, homes.department, managers.reports,
    {{ one_if('learned.manager_person_key is not null') }} as has_learned, coalesce(said.answering, 0) as reports_answering,
    {{ one_if('learned.manager_person_key is not null and 2 * said.asked >= said.answering') }} as is_modelling,
    rated.own_score - rated.reports_score as say_do_gap
from managers
inner join homes on {{ same('managers', 'homes', keys) }}
left join learned on {{ same('managers', 'learned', keys) }}
left join said on {{ same('managers', 'said', keys) }}
left join rated on {{ same('managers', 'rated', keys) }}
