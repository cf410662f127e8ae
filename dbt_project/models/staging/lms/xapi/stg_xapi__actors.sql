with source as (
    {{ standing_statements(source('xapi', 'statements')) }}
),

renamed as (
    select
        {{ to_key('identity_key') }} as learner_id,
        {{ to_text('identity_key') }} as identity_key,
        {{ to_filled('min(actor_account_name)') }} as external_id,

        {{ to_text('min(actor_mbox_key)') }} as email_key,
        {{ to_text('min(actor_mbox_domain)') }} as email_domain,

        true as is_active,
        true as is_learner,

        {{ to_timestamp('min(stored)') }} as created_at,
        {{ to_timestamp('max(coalesce(happened_at, stored))') }} as last_login_at,
        {{ to_timestamp('max(stored)') }} as updated_at
    from source
    where identity_key is not null
    group by _source, identity_key
)

select * from renamed
