with source as (
    {{ newest_snapshot(source('freshdesk', 'companies'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('id') }} as organization_id,
        {{ to_filled('external_id') }} as external_id,

        {{ to_text('domains') }} as domain_names,

        {{ to_timestamp('created_at') }} as created_at,
        {{ to_timestamp('updated_at') }} as updated_at,
        {{ to_timestamp('null') }} as deleted_at
    from source
)

select * from renamed
