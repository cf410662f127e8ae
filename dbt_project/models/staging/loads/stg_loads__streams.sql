select
    {{ to_text('source') }} as source_name,
    {{ to_text('stream') }} as stream_name
from {{ source('loads', 'streams') }}
