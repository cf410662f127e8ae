with source as (
    {{ newest_version(source('drops', 'identity_overrides'), keys=['override_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('override_id') }} as override_id,
        {{ to_text('source_identity_id') }} as source_identity_id,
        {{ to_text('person_source_id') }} as person_source_id,

        {{ to_text('source') }} as source,
        {{ to_text('person_source') }} as person_source,
        {{ to_text('decided_by') }} as decided_by,
        {{ to_text('reason') }} as reason,

        {{ to_timestamp('decided_at') }} as decided_at
    from source
)

select * from renamed
