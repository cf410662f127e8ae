{% set keys = ['company_id', 'month_start', 'department'] %}
{% set measures = ['active_share', 'beyond_mandatory_share', 'pull_ratio', 'engaged_hours_per_person', 'off_lms_share', 'micro_share', 'long_abandon_share',
    'short_abandon_share', 'overload_index', 'off_hours_share', 'open_tickets_per_agent'] %}

with reach as (
    {{ reach_flags(['lms.enrollments', 'drops.learning_sessions', 'drops.practice_tasks', 'drops.moments', 'support.tickets']) }}
),

teams as (
    {% call by_department(ref('int_activity__worker_months')) %}
        count(distinct person_key) as people, max(month_end) as month_end, max(as_of_at) as as_of_at
    {% endcall %}
),

stated as (
    {{ stated_measures(ref('int_activity__team_month_measures'), keys, ['company_id', 'month_start'], "department = 'All departments'") }}
),

pivoted as (
    {{ pivoted_measures('stated', keys, measures) }}
),

flagged as (
    select
        teams.*, reach.reaches_lms_enrollments as lms, reach.reaches_drops_learning_sessions as sessions,
        reach.reaches_support_tickets as tickets,
        reach.reaches_drops_learning_sessions or reach.reaches_drops_practice_tasks or reach.reaches_drops_moments as off_lms,
        {{ add_days('teams.month_end', 60) }} < {{ to_date('teams.as_of_at') }} as sixty_days_passed
    from teams
    inner join reach on teams.company_id = reach.company_id
)

select
    flagged.company_id, flagged.month_start, {{ to_text('flagged.department') }} as department,
    {{ measure_columns('active_share', 'flagged.lms') }},
    {{ measure_columns('beyond_mandatory_share', 'flagged.lms') }},
    {{ measure_columns('pull_ratio', 'flagged.lms') }},
    {{ measure_columns('engaged_hours_per_person', 'flagged.sessions') }},
    {{ measure_columns('off_lms_share', 'flagged.off_lms') }},
    {{ measure_columns('micro_share', 'flagged.sessions') }},
    {{ measure_columns('long_abandon_share', 'flagged.lms', 'flagged.sixty_days_passed') }},
    {{ measure_columns('short_abandon_share', 'flagged.lms', 'flagged.sixty_days_passed') }},
    {{ measure_columns('overload_index', 'flagged.lms') }},
    {{ measure_columns('off_hours_share', 'flagged.sessions') }},
    {{ measure_columns('open_tickets_per_agent', 'flagged.tickets') }}
from flagged
left join pivoted on {{ same('flagged', 'pivoted', keys) }}
