with source as (
    {{ newest_version(source('salesforce', 'contacts'), keys=['id'], cursor='system_modstamp', swept=['salesforce', 'contacts']) }}
),

renamed as (
    select
        {{ to_key('id') }} as contact_id,
        {{ to_text('identity_key') }} as identity_key,
        {{ to_filled_key('master_record_id') }} as master_contact_id,
        {{ to_filled_key('account_id') }} as account_id,
        cast(null as {{ type_text() }}) as external_id,

        {{ to_text('email_key') }} as email_key,
        {{ to_text('email_domain') }} as email_domain,
        {{ to_text('title') }} as title,

        is_gone or coalesce({{ to_flag('is_deleted') }}, false) as is_deleted,

        {{ to_timestamp('created_date') }} as created_at,
        {{ to_timestamp('system_modstamp') }} as updated_at
    from source
)

select * from renamed
