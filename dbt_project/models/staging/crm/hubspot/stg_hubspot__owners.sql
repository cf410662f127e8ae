with source as (
    {{ newest_snapshot(source('hubspot', 'owners'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('id') }} as crm_user_id,
        {{ to_text('identity_key') }} as identity_key,
        cast(null as {{ type_text() }}) as employee_number,

        {{ to_text('email_key') }} as email_key,
        {{ to_text('email_domain') }} as email_domain,

        not coalesce({{ to_flag('archived') }}, false) as is_active,

        {{ to_timestamp('created_at') }} as created_at,
        {{ to_timestamp('updated_at') }} as updated_at
    from source
)

select * from renamed
