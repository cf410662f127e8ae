with source as (
    {{ newest_snapshot(source('learning360', 'external_ids'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('id') }} as external_id_id,
        {{ to_key('target_id') }} as target_id,
        {{ to_filled('value') }} as external_id,

        {{ to_text('platform') }} as platform,
        {{ to_text('target_type') }} as target_type
    from source
)

select * from renamed
