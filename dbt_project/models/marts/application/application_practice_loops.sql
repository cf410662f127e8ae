{% set keys = ['company_id', 'month_start', 'department'] %}
{% set rates = [
    {'name': 'loop_rate', 'n': 'loops', 'denominator': 'learned', 'people': 'people_learning', 'interval': true, 'reaches': 'reaches_us', 'due': 'is_due'},
    {'name': 'practiced_rate', 'n': 'practiced', 'denominator': 'learned', 'people': 'people_learning', 'interval': true, 'reaches': 'reaches_us',
        'due': 'is_due'},
    {'name': 'median_days_to_practice', 'value': 'median_practice', 'n': 'practiced', 'denominator': 'practiced', 'people': 'people_practicing',
        'reaches': 'reaches_us', 'due': 'is_due'},
    {'name': 'median_days_to_feedback', 'value': 'median_feedback', 'n': 'loops', 'denominator': 'loops', 'people': 'people_looping',
        'reaches': 'reaches_us', 'due': 'is_due'},
    {'name': 'task_done_rate', 'n': 'done', 'denominator': 'tasks', 'people': 'people_assigned', 'reaches': 'reaches_us'},
    {'name': 'micro_task_share', 'n': 'micro_tasks', 'denominator': 'tasks', 'people': 'people_assigned', 'reaches': 'reaches_us'},
] %}

with loops as (
    {% call by_department(ref('int_application__loops')) %}
        count(distinct person_key) as people_learning, count(*) as learned,
        sum(is_practiced) as practiced, sum(is_loop) as loops,
        count(distinct case when is_practiced = 1 then person_key end) as people_practicing,
        count(distinct case when is_loop = 1 then person_key end) as people_looping,
        {{ median('days_to_practice') }} as median_practice, {{ median('days_to_feedback') }} as median_feedback
    {% endcall %}
),

tasks as (
    select
        tasks.company_id, {{ month_start('tasks.assigned_at') }} as month_start, coalesce(workers.department, 'Unknown') as department,
        tasks.person_key, tasks.done_at, tasks.is_micro
    from {{ ref('fct_practice_tasks') }} as tasks
    inner join {{ ref('dim_company') }} as company on tasks.company_id = company.company_id and tasks.assigned_at < company.as_of_at
    {{ worker_at('workers', 'tasks', 'person_key', 'assigned_at') }}
),

assigned as (
    {% call by_department('tasks') %}
        count(distinct person_key) as people_assigned, count(*) as tasks,
        count(done_at) as done, sum({{ one_if('is_micro') }}) as micro_tasks
    {% endcall %}
),

flags as (
    {{ reach_flags(['drops.practice_tasks']) }}
),

framed as (
    select
        frame.company_id, frame.month_start, frame.department,
        {% for column in ['people_learning', 'learned', 'practiced', 'loops', 'people_practicing', 'people_looping'] -%}
        coalesce(loops.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        {% for column in ['people_assigned', 'tasks', 'done', 'micro_tasks'] -%}
        coalesce(assigned.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        loops.median_practice, loops.median_feedback, {{ add_days_to_moment('frame.month_end', 14) }} <= company.as_of_at as is_due,
        coalesce(flags.reaches_drops_practice_tasks and first_records.practice_from < frame.month_end, false) as reaches_us
    from {{ ref('int_application__department_months') }} as frame
    inner join {{ ref('dim_company') }} as company on frame.company_id = company.company_id
    left join loops on {{ same('frame', 'loops', keys) }}
    left join assigned on {{ same('frame', 'assigned', keys) }}
    left join flags on frame.company_id = flags.company_id
    left join {{ ref('int_application__first_records') }} as first_records on frame.company_id = first_records.company_id
),

stated as (
    {{ with_rate_states('framed', keys, ['company_id', 'month_start'], "department = 'All departments'", rates) }}
)

select
    company_id, month_start, {{ to_text('department') }} as department,
    {{ published_rates(rates) }}
from stated
