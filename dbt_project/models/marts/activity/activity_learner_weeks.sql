{{ config(schema='restricted') }}

{% set counts = [('courses_enrolled', "event = 'enrolled'"), ('courses_enrolled_by_own_choice', "event = 'enrolled' and enrollment_source = 'self'"),
    ('courses_enrolled_by_others', "event = 'enrolled' and enrollment_source = 'assigned'"),
    ('courses_enrolled_as_mandatory', "event = 'enrolled' and enrollment_source = 'mandatory'"),
    ('courses_started', "event = 'started'"), ('courses_completed', "event = 'completed'"),
    ('assessments_attempted', "event = 'attempted'"),
    ('sessions', "event = 'session'"), ('practice_tasks_done', "event = 'practiced'"),
    ('moments_opened', "event = 'opened'"),
    ('off_lms_events', "is_activity and system <> 'lms'")] %}

with reach as (
    {{ reach_flags(['drops.learning_sessions']) }}
),

weeks as (
    select
        company_id, person_key, week_start, audience,
        {% for name, condition in counts -%}
        sum({{ one_if(condition) }}) as {{ name }},
        {% endfor -%}
        max({{ one_if('is_activity') }}) = 1 as is_active,
        max({{ one_if('is_activity and is_beyond_mandatory') }}) = 1 as is_active_beyond_mandatory,
        max({{ one_if('is_activity and is_own_choice') }}) = 1 as is_active_by_own_choice,
        count(engaged_seconds) as measured_sessions, sum(engaged_seconds) as engaged_seconds
    from {{ ref('int_activity__events') }}
    group by company_id, person_key, week_start, audience
),

stated as (
    select
        weeks.*,
        case
            when not reach.reaches_drops_learning_sessions then 'no_data_reaches_us'
            when weeks.measured_sessions = 0 then 'nothing_recorded'
            else 'reads'
        end as minutes_state
    from weeks
    inner join reach on weeks.company_id = reach.company_id
)

select
    company_id, person_key, week_start, audience,
    {% for name, condition in counts -%}
    {{ to_count(name) }} as {{ name }},
    {% endfor -%}
    is_active, is_active_beyond_mandatory, is_active_by_own_choice,
    case when minutes_state = 'reads' then {{ ratio('engaged_seconds', 60) }} end as learning_minutes,
    {{ to_text('minutes_state') }} as learning_minutes_state
from stated
