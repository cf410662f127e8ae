with source as (
    {{ newest_version(source('salesforce', 'accounts'), keys=['id'], cursor='system_modstamp', swept=['salesforce', 'accounts']) }}
),

renamed as (
    select
        {{ to_key('id') }} as account_id,
        {{ to_filled_key('master_record_id') }} as master_account_id,
        cast(null as {{ type_text() }}) as external_id,
        {{ to_key('owner_id') }} as owner_crm_user_id,

        {{ to_text('name') }} as account_name,
        {{ web_domain(to_text('website')) }} as website_domain,
        {{ to_text('industry') }} as industry,
        lower(trim({{ to_text('segment') }})) as segment,
        lower(trim({{ to_text('plan') }})) as plan,
        lower(trim({{ to_text('early_health_band') }})) as early_health_band,
        {{ to_text('churn_reason') }} as churn_reason,

        {{ to_count('number_of_employees') }} as number_of_employees,

        is_gone or coalesce({{ to_flag('is_deleted') }}, false) as is_deleted,

        {{ to_date('early_health_band_date') }} as early_health_band_date,

        {{ to_timestamp('churned_date') }} as churned_at,
        {{ to_timestamp('first_value_date') }} as first_value_at,
        {{ to_timestamp('created_date') }} as created_at,
        {{ to_timestamp('system_modstamp') }} as updated_at
    from source
)

select * from renamed
