with ratings as (
    {{ united(
        {'zendesk': ref('stg_zendesk__satisfaction_ratings'), 'freshdesk': ref('stg_freshdesk__satisfaction_ratings')},
        ['rating_id', 'ticket_id', 'satisfaction', 'updated_at']
    ) }}
)

select
    source,
    rating_id,
    {{ to_text("source || ':' || ticket_id") }} as ticket_id,
    satisfaction,
    updated_at
from ratings
