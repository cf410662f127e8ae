select
    {{ to_text('tag') }} as tag,
    {{ to_text('ticket_kind') }} as ticket_kind
from {{ source('company', 'ticket_tags') }}
