{# Help desks count their tickets from 1, so the id of a ticket begins with the vendor. #}
with tickets as (
    {{ united(
        {'zendesk': ref('stg_zendesk__tickets'), 'freshdesk': ref('stg_freshdesk__tickets')},
        [
            'ticket_id', 'requester_support_user_id', 'assignee_support_user_id', 'organization_id', 'status', 'tags',
            'reopen_count', 'first_reply_minutes', 'is_deleted', 'created_at', 'solved_at'
        ]
    ) }}
)

select
    source,
    {{ to_text("source || ':' || ticket_id") }} as ticket_id,
    requester_support_user_id,
    assignee_support_user_id,
    organization_id,
    status,
    tags,
    reopen_count,
    first_reply_minutes,
    is_deleted,
    created_at,
    solved_at
from tickets
