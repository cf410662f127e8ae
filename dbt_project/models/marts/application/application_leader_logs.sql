{{ config(schema='restricted') }}

with leaders as (
    select workers.company_id, workers.person_key, workers.job_title, workers.department
    from {{ ref('dim_worker_history') }} as workers
    where workers.is_current and workers.is_leader
),

entries as (
    select
        entries.company_id, entries.person_key, count(*) as entries_total,
        {{ days_between('max(entries.entry_date)', 'max(company.as_of_at)') }} as days_since_last_entry,
        {% for name, condition in [
            ('entries_30_days', 'true'), ('days_with_entry_30_days', none),
            ('shared_30_days', "entries.shared_in is not null and entries.shared_in <> 'nowhere'"),
            ('shared_in_team_meeting', "entries.shared_in = 'team_meeting'"), ('shared_in_channel', "entries.shared_in = 'channel'"),
            ('shared_in_town_hall', "entries.shared_in = 'town_hall'"),
        ] -%}
        {% set recent = 'entries.entry_date > ' ~ add_days('company.as_of_at', -30) -%}
        {% if condition is none -%}
        count(distinct case when {{ recent }} then entries.entry_date end) as {{ name }}
        {%- else -%}
        sum({{ one_if(recent ~ ' and ' ~ condition) }}) as {{ name }}
        {%- endif %}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('fct_learning_log_entries') }} as entries
    inner join {{ ref('dim_company') }} as company on entries.company_id = company.company_id
    where entries.is_named and entries.person_key is not null and entries.entry_date <= {{ to_date('company.as_of_at') }}
    group by entries.company_id, entries.person_key
),

logs as (
    select leaders.job_title, leaders.department, entries.*
    from leaders
    inner join entries on leaders.company_id = entries.company_id and leaders.person_key = entries.person_key
),

below as (
    select company_id, leader_person_key, count(*) as people_below, sum(has_learned) as learned_below
    from {{ ref('int_application__learning_below_leaders') }}
    group by company_id, leader_person_key
),

elsewhere as (
    select people.company_id, people.job_title, count(*) as people_elsewhere, sum(people.has_learned) as learned_elsewhere
    from (
        select company_id, job_title, person_key, max(has_log) as has_log, max(has_learned) as has_learned
        from {{ ref('int_application__learning_below_leaders') }}
        group by company_id, job_title, person_key
    ) as people
    where people.has_log = 0
    group by people.company_id, people.job_title
),

flags as (
    {{ reach_flags(['drops.learning_log_entries']) }}
),

stated as (
    select
        company.company_id, company.as_of_at, coalesce(logs.person_key, 'nobody') as person_key, logs.job_title, logs.department,
        {% for column in ['entries_total', 'days_since_last_entry', 'entries_30_days', 'days_with_entry_30_days', 'shared_30_days',
            'shared_in_team_meeting', 'shared_in_channel', 'shared_in_town_hall'] -%}
        logs.{{ column }},
        {% endfor -%}
        coalesce(below.people_below, 0) as people_below, coalesce(below.learned_below, 0) as learned_below,
        coalesce(elsewhere.people_elsewhere, 0) as people_elsewhere, coalesce(elsewhere.learned_elsewhere, 0) as learned_elsewhere,
        case
            when not coalesce(flags.reaches_drops_learning_log_entries, false) then 'no_data_reaches_us'
            when logs.person_key is null then 'nothing_recorded'
            else 'reads'
        end as log_state
    from {{ ref('dim_company') }} as company
    left join logs on company.company_id = logs.company_id
    left join below on logs.company_id = below.company_id and logs.person_key = below.leader_person_key
    left join elsewhere on logs.company_id = elsewhere.company_id and logs.job_title = elsewhere.job_title
    left join flags on company.company_id = flags.company_id
),

judged as (
    select
        stated.*,
        {% for place in ['below', 'elsewhere'] -%}
        case
            when log_state <> 'reads' then log_state
            else {{ rate_state('people_' ~ place, rate_is_shown('people_' ~ place)) }}
        end as learning_{{ place }}_state{% if not loop.last %},{% endif %}
        {% endfor %}
    from stated
)

select
    company_id, {{ to_text('person_key') }} as person_key, {{ to_text('job_title') }} as job_title, {{ to_text('department') }} as department, as_of_at,
    {% for column in ['entries_30_days', 'days_with_entry_30_days', 'entries_total', 'days_since_last_entry', 'shared_30_days', 'shared_in_team_meeting',
        'shared_in_channel', 'shared_in_town_hall'] -%}
    {{ to_count(column) }} as {{ column }},
    {% endfor -%}
    {{ to_text('log_state') }} as log_state,
    {{ rate_columns('learning_below', 'learned_below', 'people_below', 'learning_below_state') }},
    {{ rate_interval('learning_below', 'learned_below', 'people_below', 'learning_below_state') }},
    {{ rate_columns('learning_elsewhere', 'learned_elsewhere', 'people_elsewhere', 'learning_elsewhere_state') }},
    {{ rate_interval('learning_elsewhere', 'learned_elsewhere', 'people_elsewhere', 'learning_elsewhere_state') }}
from judged
