with source as (
    {{ newest_snapshot(source('hubspot', 'contact_companies'), keys=['from_object_id', 'to_object_id']) }}
),

labels as (
    select
        source.from_object_id,
        source.to_object_id,
        {{ json_text('label.value', ['typeId']) }} as type_id
    from source
    {{ json_objects('source.association_types', 'label') }}
),

renamed as (
    select
        {{ to_text('source.from_object_id') }} as contact_id,
        {{ to_text('source.to_object_id') }} as account_id,

        coalesce(max({{ one_if("labels.type_id = '1'") }}), 0) = 1 as is_primary
    from source
    left join labels on source.from_object_id = labels.from_object_id and source.to_object_id = labels.to_object_id
    group by source.from_object_id, source.to_object_id
)

select * from renamed
