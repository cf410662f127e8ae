with grouped as (
    select
        company_id, case when is_trained then 'trained' else 'not_yet_trained' end as agent_group, ticket_category, month_start,
        count(distinct agent_key) as agents, count(*) as tickets,
        {{ median('resolution_hours') }} as median_hours,
        {{ median('first_reply_minutes') }} as median_reply,
        sum(case when reopen_count > 0 then 1 else 0 end) as reopened,
        count(satisfaction) as rated,
        count(distinct case when satisfaction is not null then agent_key end) as agents_rated,
        sum(case when satisfaction = 'good' then 1 else 0 end) as rated_good
    from {{ ref('int_application__agent_tickets') }}
    group by company_id, case when is_trained then 'trained' else 'not_yet_trained' end, ticket_category, month_start
),

stated as (
    select
        *,
        {{ rate_state('tickets', rate_is_shown('agents')) }} as tickets_state,
        {{ rate_state('rated', rate_is_shown('agents_rated')) }} as rating_state
    from grouped
)

select
    company_id, {{ to_text('agent_group') }} as agent_group, {{ to_text('ticket_category') }} as ticket_category, month_start,
    case when {{ count_is_shown('agents') }} then {{ to_count('agents') }} end as agents,
    case when {{ count_is_shown('agents') }} then {{ to_count('tickets') }} end as tickets,
    case when tickets_state = 'reads' then {{ to_double('median_hours') }} end as median_resolution_hours,
    case when tickets_state = 'reads' then {{ to_count('tickets') }} end as median_resolution_hours_n,
    case when tickets_state = 'reads' then {{ to_count('agents') }} end as median_resolution_hours_denominator,
    {{ to_text('tickets_state') }} as median_resolution_hours_state,
    case when tickets_state = 'reads' then {{ to_double('median_reply') }} end as median_first_reply_minutes,
    {{ rate_columns('reopened_rate', 'reopened', 'tickets', 'tickets_state') }},
    {{ rate_columns('satisfied_rate', 'rated_good', 'rated', 'rating_state') }}
from stated
