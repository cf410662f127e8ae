{{ config(schema='restricted', contract={'enforced': false}) }}
{% set keys = ['company_id', 'month_start', 'department'] %}

{# Department x month: learning-topic coaching received, per week with a manager, by how many of those with a manager, and how far apart. #}
with events as (
    select
        events.company_id, events.event_id, events.coachee_person_key as person_key, events.occurred_at, coalesce(workers.department, 'Unknown') as department,
        {{ month_start('events.occurred_at') }} as month_start,
        {{ days_between(
            'lag(events.occurred_at) over (partition by events.company_id, events.coachee_person_key order by events.occurred_at, events.event_id)',
            'events.occurred_at'
        ) }} as gap_days
    from {{ ref('fct_coaching_events') }} as events
    inner join {{ ref('dim_company') }} as company on events.company_id = company.company_id and events.occurred_at < company.as_of_at
    {{ worker_at('workers', 'events', 'coachee_person_key', 'occurred_at') }}
    where events.has_learning_topic
),

reports as (
    select
        workers.company_id, workers.month_start, workers.department, workers.person_key, max(workers.days) as days, max(workers.is_at_end) as is_at_end,
        max({{ one_if(
            'workers.is_at_end = 1 and events.occurred_at >= ' ~ add_days_to_moment('months.month_end', -28)
            ~ ' and events.occurred_at < ' ~ to_timestamp('months.month_end')
        ) }}) as is_covered
    from (
        select company_id, month_start, department, person_key, sum(days) as days, max(is_at_end) as is_at_end
        from {{ ref('int_application__worker_months') }}
        where manager_person_key is not null
        group by company_id, month_start, department, person_key
    ) as workers
    inner join {{ ref('int_application__months') }} as months
        on workers.company_id = months.company_id and workers.month_start = months.month_start
    left join events
        on workers.company_id = events.company_id and workers.person_key = events.person_key
        and events.month_start between {{ add_months('workers.month_start', -1) }} and workers.month_start
    group by workers.company_id, workers.month_start, workers.department, workers.person_key
),

{% for unit in ["'All departments'", 'department'] %}
{% set suffix = '_all' if loop.first else '_each' %}
received{{ suffix }} as (
    select
        company_id, month_start, {{ unit }} as department, count(*) as events, count(distinct person_key) as people_coached,
        count(gap_days) as gaps, count(distinct case when gap_days is not null then person_key end) as people_with_gap,
        {{ median('gap_days') }} as median_gap
    from events
    group by company_id, month_start{% if not loop.first %}, department{% endif %}
),

exposed{{ suffix }} as (
    select
        company_id, month_start, {{ unit }} as department, count(distinct person_key) as reports, {{ to_double('sum(days)') }} / 7 as report_weeks,
        count(distinct case when is_at_end = 1 then person_key end) as reports_at_end,
        count(distinct case when is_covered = 1 then person_key end) as covered
    from reports
    group by company_id, month_start{% if not loop.first %}, department{% endif %}
){% if not loop.last %},{% endif %}
{% endfor %}

{% for suffix in ['_all', '_each'] %}
select
    exposed.company_id, exposed.month_start, exposed.department, exposed.reports, exposed.report_weeks, exposed.reports_at_end, exposed.covered,
    coalesce(received.events, 0) as events, coalesce(received.gaps, 0) as gaps, coalesce(received.people_with_gap, 0) as people_with_gap, received.median_gap
from exposed{{ suffix }} as exposed
left join received{{ suffix }} as received on {{ same('exposed', 'received', keys) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
