with source as (
    {{ newest_deletions(source('salesforce', 'deletions')) }}
),

renamed as (
    select
        {{ to_text('stream') }} as stream_name,
        {{ to_text('record_key') }} as record_key,
        {{ to_flag('is_gone') }} as is_gone,
        {{ to_timestamp('noticed_at') }} as noticed_at
    from source
)

select * from renamed
