{{ config(schema='restricted') }}
{# the conditions of seeds/manager_prompts.csv; the one with the smallest priority wins #}
{% set rules = [
    ('certificate_expires', 'certificate_expires_date is not null', "'certificate runs out on ' || " ~ to_text('certificate_expires_date')),
    ('past_due', 'next_due_date < as_of_date', "next_due_course || ' was due on ' || " ~ to_text('next_due_date')),
    ('new_hire_second_week', 'days_since_hire between 7 and 14', "'day ' || " ~ to_text('days_since_hire')),
    ('gap_found', 'gap_skill is not null', "'level below the role in ' || gap_skill"),
    ('stalled', 'days_since_started between 21 and 120', "current_course || ' started ' || " ~ to_text('days_since_started') ~ " || ' days ago'"),
    ('just_passed', 'last_finished_date >= ' ~ add_days('as_of_date', -14), "last_finished_course || ' finished on ' || " ~ to_text('last_finished_date')),
    ('no_talk', 'last_one_to_one_date is null or last_one_to_one_date < ' ~ add_days('as_of_date', -28),
        "coalesce('last one-to-one on ' || " ~ to_text('last_one_to_one_date') ~ ", 'no one-to-one recorded')"),
    ('learning_goal_open', 'open_learning_goals > 0', to_text('open_learning_goals') ~ " || ' open learning goals'"),
    ('nothing_pressing', 'true', "'nothing stands out'"),
] %}

with reports as (
    select
        workers.company_id, workers.manager_person_key, workers.person_key, workers.job_title,
        {{ week_start(add_days('company.as_of_at', -1)) }} as week_start, {{ to_date('company.as_of_at') }} as as_of_date,
        {{ days_between('spells.hired_date', 'company.as_of_at') }} as days_since_hire,
        courses.current_course, courses.days_since_started, courses.next_due_course, courses.next_due_date, courses.last_finished_course,
        courses.last_finished_date, courses.certificate_expires_date,
        talks.last_one_to_one_date, talks.last_checkin_week, talks.last_checkin_used_learning, talks.last_checkin_confidence,
        coalesce(talks.open_learning_goals, 0) as open_learning_goals, coalesce(talks.open_performance_goals, 0) as open_performance_goals, talks.gap_skill
    from {{ ref('dim_worker_history') }} as workers
    inner join {{ ref('dim_company') }} as company on workers.company_id = company.company_id
    left join {{ ref('dim_worker_spells') }} as spells
        on workers.company_id = spells.company_id and workers.person_key = spells.person_key and spells.hired_date <= {{ to_date('company.as_of_at') }}
        and (spells.terminated_date is null or spells.terminated_date > {{ to_date('company.as_of_at') }})
    left join {{ ref('int_application__report_courses') }} as courses
        on workers.company_id = courses.company_id and workers.person_key = courses.person_key
    left join {{ ref('int_application__report_talks') }} as talks
        on workers.company_id = talks.company_id and workers.person_key = talks.person_key
    where workers.is_current and workers.manager_person_key is not null and workers.valid_from <= {{ to_date('company.as_of_at') }}
),

matched as (
    {% for rule, condition, evidence in rules %}
    select company_id, manager_person_key, person_key, '{{ rule }}' as rule, {{ to_text(evidence) }} as evidence
    from reports
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

chosen as (
    select
        matched.*, prompts.prompt,
        row_number() over (partition by matched.company_id, matched.manager_person_key, matched.person_key order by prompts.priority) as position
    from matched
    inner join {{ ref('manager_prompts') }} as prompts on matched.rule = prompts.rule
)

select
    reports.company_id, {{ to_text('reports.manager_person_key') }} as manager_person_key, {{ to_text('reports.person_key') }} as report_person_key,
    reports.week_start, {{ to_text('reports.job_title') }} as job_title, {{ to_count('reports.days_since_hire') }} as days_since_hire,
    {{ to_text('reports.current_course') }} as current_course, {{ to_count('reports.days_since_started') }} as days_since_started,
    {{ to_text('reports.next_due_course') }} as next_due_course, reports.next_due_date,
    {{ to_text('reports.last_finished_course') }} as last_finished_course, reports.last_finished_date, reports.certificate_expires_date,
    {{ to_text('reports.gap_skill') }} as gap_skill, reports.last_one_to_one_date, reports.last_checkin_week,
    {{ to_flag('reports.last_checkin_used_learning') }} as last_checkin_used_learning,
    {{ to_count('reports.last_checkin_confidence') }} as last_checkin_confidence,
    {{ to_count('reports.open_learning_goals') }} as open_learning_goals, {{ to_count('reports.open_performance_goals') }} as open_performance_goals,
    {{ to_text('chosen.rule') }} as prompt_rule, {{ to_text('chosen.prompt') }} as prompt, {{ to_text('chosen.evidence') }} as prompt_evidence
from reports
inner join chosen
    on reports.company_id = chosen.company_id and reports.manager_person_key = chosen.manager_person_key and reports.person_key = chosen.person_key
    and chosen.position = 1
