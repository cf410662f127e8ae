with source as (
    {{ newest_version(source('zendesk', 'organizations'), keys=['id'], cursor='updated_at') }}
),

renamed as (
    select
        {{ to_key('id') }} as organization_id,
        {{ to_filled('external_id') }} as external_id,

        {{ to_text('domain_names') }} as domain_names,

        {{ to_timestamp('created_at') }} as created_at,
        {{ to_timestamp('updated_at') }} as updated_at,
        {{ to_timestamp('deleted_at') }} as deleted_at
    from source
)

select * from renamed
