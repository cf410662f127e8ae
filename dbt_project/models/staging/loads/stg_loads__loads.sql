with source as (
    select * from {{ source('loads', 'loads') }}
),

renamed as (
    select
        {{ to_text('source') }} as source_name,
        {{ to_text('stream') }} as stream_name,
        {{ to_count('seq') }} as load_number,
        {{ to_text('run_id') }} as run_id,

        {{ to_text('verdict') }} as verdict,
        {{ to_text('severity') }} as severity,

        {{ to_count('records') }} as records,
        {{ to_count('typed') }} as typed_records,
        {{ to_count('set_aside') }} as set_aside_records,
        {{ to_count('vendor_total') }} as vendor_total,
        {{ to_count('checks_total') }} as checks_total,
        {{ to_count('checks_passed') }} as checks_passed,

        {{ to_timestamp('now') }} as loaded_at,
        {{ to_timestamp('newest_event_at') }} as newest_event_at
    from source
)

select * from renamed
