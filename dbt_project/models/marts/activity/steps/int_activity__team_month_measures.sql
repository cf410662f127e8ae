{{ config(schema='restricted', contract={'enforced': false}) }}

{# Long: one row per company, month, department (or all) and measure. A fact is one thing counted: a person, an enrollment, a session, a day. #}
{% set person_facts = [('active_share', 'is_active', '1'), ('beyond_mandatory_share', 'is_active_beyond_mandatory', '1'),
    ('engaged_hours_per_person', 'engaged_hours', '1'),
    ('overload_index', 'minutes_due', '4 * company.learning_capacity_minutes_per_week')] %}
{% set session_facts = [('micro_share', one_if('events.engaged_seconds <= 60 * company.micro_minutes')),
    ('off_hours_share', one_if("extract(hour from events.local_at) < 8 or extract(hour from events.local_at) >= 18 or "
        ~ days_between(week_start('events.local_at'), 'events.local_at') ~ ' >= 5'))] %}

with facts as (
    {% for measure, hit, weight in person_facts %}
    select
        people.company_id, people.month_start, people.department, people.person_key, '{{ measure }}' as measure,
        {{ to_double('people.' ~ hit) }} as hit, {{ to_double(weight) }} as weight
    from {{ ref('int_activity__person_months') }} as people
    inner join {{ ref('dim_company') }} as company on people.company_id = company.company_id
    union all
    {% endfor %}
    {% for measure, hit in session_facts %}
    select
        events.company_id, events.month_start, coalesce(events.department, 'Unknown') as department,
        events.person_key, '{{ measure }}',
        {{ to_double(hit) }}, {{ to_double('1') }}
    from {{ ref('int_activity__events') }} as events
    inner join {{ ref('dim_company') }} as company on events.company_id = company.company_id
    where
        events.event = 'session' and events.audience in ('employee', 'contractor')
        {%- if measure == 'micro_share' %} and events.engaged_seconds is not null{% endif %}

    union all
    {% endfor %}
    select
        company_id, month_start, coalesce(department, 'Unknown') as department, person_key, 'pull_ratio',
        {{ to_double(one_if("enrollment_source = 'self'")) }}, {{ to_double('1') }}
    from {{ ref('int_activity__events') }}
    where event = 'enrolled' and enrollment_source in ('self', 'assigned') and audience in ('employee', 'contractor')
    union all
    select
        company_id, month_start, coalesce(max(department), 'Unknown') as department, person_key, 'off_lms_share',
        {{ to_double('1 - max(' ~ one_if("system = 'lms'") ~ ')') }}, {{ to_double('1') }}
    from {{ ref('int_activity__events') }}
    where is_activity and audience in ('employee', 'contractor')
    group by company_id, month_start, person_key, occurred_date
    union all
    select
        events.company_id, events.month_start, coalesce(events.department, 'Unknown') as department, events.person_key,
        case when courses.estimated_minutes >= company.long_course_minutes then 'long_abandon_share' else 'short_abandon_share' end,
        {{ to_double(one_if('finished.person_key is null')) }}, {{ to_double('1') }}
    from {{ ref('int_activity__events') }} as events
    inner join {{ ref('dim_company') }} as company on events.company_id = company.company_id
    inner join {{ ref('dim_courses') }} as courses on events.company_id = courses.company_id and events.course_id = courses.course_id
    left join (
        select distinct started.company_id, started.person_key, started.course_id, started.started_at
        from {{ ref('fct_enrollments') }} as started
        where started.is_verified_completion and {{ to_date('started.completed_at') }} <= {{ add_days('started.started_at', 60) }}
    ) as finished
        on events.company_id = finished.company_id and events.person_key = finished.person_key
        and events.course_id = finished.course_id and events.occurred_at = finished.started_at
    where events.event = 'started' and events.audience in ('employee', 'contractor') and courses.estimated_minutes is not null
    union all
    select
        workers.company_id, workers.month_start, workers.department, workers.person_key, 'open_tickets_per_agent',
        {{ to_double('sum(' ~ one_if('tickets.solved_at is null or ' ~ to_date('tickets.solved_at') ~ ' > workers.month_end') ~ ')') }},
        {{ to_double('1') }}
    from {{ ref('int_activity__worker_months') }} as workers
    inner join {{ ref('fct_tickets') }} as tickets
        on workers.company_id = tickets.company_id and workers.person_key = tickets.assignee_person_key
        and {{ to_date('tickets.created_at') }} <= workers.month_end and {{ to_date('tickets.created_at') }} > {{ add_days('workers.month_end', -90) }}
    group by workers.company_id, workers.month_start, workers.department, workers.person_key
)

{% call by_department('facts', ['company_id', 'month_start', 'measure']) %}
    count(distinct person_key) as people,
    sum(hit) as hits, count(*) as denominator, {{ ratio('sum(hit)', 'sum(weight)') }} as amount
{% endcall %}
