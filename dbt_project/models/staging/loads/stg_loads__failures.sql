select
    {{ to_text('source') }} as source_name,
    {{ to_text('stream') }} as stream_name,
    {{ to_text('run_id') }} as run_id,

    {{ to_text('reason') }} as reason,
    {{ to_text('error_class') }} as error_class,

    {{ to_timestamp('now') }} as failed_at
from {{ source('loads', 'failures') }}
