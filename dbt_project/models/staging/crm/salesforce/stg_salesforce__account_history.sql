with source as (
    {{ newest_version(source('salesforce', 'account_history'), keys=['id'], cursor='created_date') }}
),

renamed as (
    select
        {{ to_key('id') }} as change_id,
        {{ to_key('account_id') }} as account_id,

        {{ to_text('field') }} as field,
        {# the field Owner holds ids of users #}
        case when field = 'Owner' then {{ to_filled_key('old_value') }} else {{ to_filled('old_value') }} end as old_value,
        case when field = 'Owner' then {{ to_filled_key('new_value') }} else {{ to_filled('new_value') }} end as new_value,

        {{ to_timestamp('created_date') }} as changed_at
    from source
)

select * from renamed
