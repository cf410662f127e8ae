with source as (
    {{ newest_version(source('zendesk', 'users'), keys=['id'], cursor='updated_at') }}
),

renamed as (
    select
        {{ to_key('id') }} as support_user_id,
        {{ to_text('identity_key') }} as identity_key,
        {{ to_key('organization_id') }} as organization_id,
        {{ to_filled('external_id') }} as external_id,

        {{ to_text('email_key') }} as email_key,
        {{ to_text('email_domain') }} as email_domain,
        lower({{ to_text('role') }}) as role,

        coalesce({{ to_flag('active') }}, true) as is_active,
        coalesce({{ to_flag('suspended') }}, false) as is_suspended,

        {{ to_timestamp('created_at') }} as created_at,
        {{ to_timestamp('updated_at') }} as updated_at
    from source
)

select * from renamed
