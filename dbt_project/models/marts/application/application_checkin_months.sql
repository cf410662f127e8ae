{% set items = [('asked', 'asked_answers', 'people_asked'), ('used', 'used_answers', 'people_used'), ('confidence', 'scored_answers', 'people_scored')] %}

with answers as (
    select
        checkins.company_id, {{ month_start('checkins.week_start') }} as month_start, checkins.person_key,
        coalesce(workers.department, 'Unknown') as department, checkins.manager_asked, checkins.used_learning, checkins.confidence
    from {{ ref('fct_checkins') }} as checkins
    left join {{ ref('dim_worker_history') }} as workers
        on checkins.company_id = workers.company_id and checkins.person_key = workers.person_key
        and checkins.week_start >= workers.valid_from
        and checkins.week_start < coalesce(workers.valid_to, date '9999-12-31')
),

counted as (
    {% call by_department('answers') %}
        count(distinct person_key) as people, count(*) as answered,
        count(distinct case when manager_asked is not null then person_key end) as people_asked,
        count(manager_asked) as asked_answers, sum(case when manager_asked then 1 else 0 end) as asked,
        count(distinct case when used_learning is not null then person_key end) as people_used,
        count(used_learning) as used_answers, sum(case when used_learning then 1 else 0 end) as used,
        count(distinct case when confidence is not null then person_key end) as people_scored,
        count(confidence) as scored_answers, avg({{ to_double('confidence') }}) as mean_confidence
    {% endcall %}
),

{% for name, denominator, people in items %}
{{ name }}_groups as (
    select company_id, month_start, department, {{ people }} as people, {{ rate_is_shown(people) }} as is_kept
    from counted
    where department <> 'All departments'
),

{{ name }}_shown as (
    {{ hold_back_neighbors(name ~ '_groups', ['company_id', 'month_start', 'department'], ['company_id', 'month_start']) }}
),

{% endfor %}
stated as (
    select
        counted.*,
        {% for name, denominator, people in items %}
        {% set is_shown = '(' ~ rate_is_shown('counted.' ~ people) ~ ' and coalesce(' ~ name ~ '_shown.is_kept, true))' -%}
        {{ rate_state('counted.' ~ denominator, is_shown) }} as {{ name }}_state{% if not loop.last %},{% endif %}
        {% endfor %}
    from counted
    {% for name, denominator, people in items %}
    left join {{ name }}_shown
        on counted.company_id = {{ name }}_shown.company_id and counted.month_start = {{ name }}_shown.month_start
        and counted.department = {{ name }}_shown.department
    {% endfor %}
)

select
    company_id, month_start, {{ to_text('department') }} as department,
    case when asked_state = 'reads' then {{ to_count('people_asked') }} end as people_answering,
    {{ rate_columns('manager_asked', 'asked', 'asked_answers', 'asked_state') }},
    {{ rate_interval('manager_asked', 'asked', 'asked_answers', 'asked_state') }},
    {{ rate_columns('used_learning', 'used', 'used_answers', 'used_state') }},
    case when confidence_state = 'reads' then {{ to_double('mean_confidence') }} end as confidence,
    case when confidence_state = 'reads' then {{ to_count('scored_answers') }} end as confidence_n,
    case when confidence_state = 'reads' then {{ to_count('people_scored') }} end as confidence_denominator,
    {{ to_text('confidence_state') }} as confidence_state
from stated
