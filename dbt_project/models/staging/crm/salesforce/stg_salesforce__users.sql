with source as (
    {{ newest_version(source('salesforce', 'users'), keys=['id'], cursor='system_modstamp') }}
),

renamed as (
    select
        {{ to_key('id') }} as crm_user_id,
        {{ to_text('identity_key') }} as identity_key,
        {{ to_filled('employee_number') }} as employee_number,

        {{ to_text('email_key') }} as email_key,
        {{ to_text('email_domain') }} as email_domain,

        coalesce({{ to_flag('is_active') }}, true) as is_active,

        {{ to_timestamp('created_date') }} as created_at,
        {{ to_timestamp('system_modstamp') }} as updated_at
    from source
)

select * from renamed
