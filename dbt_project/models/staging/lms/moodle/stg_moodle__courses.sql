with source as (
    {{ newest_snapshot(source('moodle', 'courses'), keys=['id']) }}
),

lengths as (
    select
        fields._source,
        fields.id,
        max({{ to_double(to_filled(json_text('item.value', ['value']))) }}) as estimated_minutes
    from source as fields {{ json_objects('fields.customfields', 'item') }}
    where {{ json_text('item.value', ['shortname']) }} = 'minutes'
    group by fields._source, fields.id
),

renamed as (
    select
        {{ to_key('source.id') }} as course_id,
        {{ to_filled('source.shortname') }} as course_code,

        {{ to_text('source.fullname') }} as course_name,
        {{ to_text('source.format') }} as course_type,

        lengths.estimated_minutes,

        coalesce({{ to_text('source.visible') }}, 'true') in ('true', '1') as is_active,
        coalesce({{ to_text('source.enable_completion') }}, 'false') in ('true', '1') as is_tracked,

        {{ moment_of_epoch('source.time_created') }} as created_at,
        {{ moment_of_epoch('source.time_modified') }} as updated_at
    from source
    left join lengths on source.id = lengths.id and {{ same_tenant('source', 'lengths') }}
)

select * from renamed
