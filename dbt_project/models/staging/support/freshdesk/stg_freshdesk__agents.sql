with source as (
    {{ newest_snapshot(source('freshdesk', 'agents'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('id') }} as support_user_id,
        {{ to_text('identity_key') }} as identity_key,
        cast(null as {{ type_text() }}) as organization_id,
        cast(null as {{ type_text() }}) as external_id,

        {{ to_text('email_key') }} as email_key,
        {{ to_text('email_domain') }} as email_domain,
        'agent' as role,

        coalesce({{ to_flag('active') }}, true) as is_active,
        false as is_suspended,

        {{ to_timestamp('created_at') }} as created_at,
        {{ to_timestamp('updated_at') }} as updated_at
    from source
)

select * from renamed
