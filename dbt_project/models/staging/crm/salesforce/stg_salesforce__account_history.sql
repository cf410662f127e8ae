with source as (
    {{ newest_version(source('salesforce', 'account_history'), keys=['id'], cursor='created_date') }}
),

renamed as (
    select
        {{ to_text('id') }} as change_id,
        {{ to_text('account_id') }} as account_id,

        {{ to_text('field') }} as field,
        nullif(trim({{ to_text('old_value') }}), '') as old_value,
        nullif(trim({{ to_text('new_value') }}), '') as new_value,

        {{ to_timestamp('created_date') }} as changed_at
    from source
)

select * from renamed
