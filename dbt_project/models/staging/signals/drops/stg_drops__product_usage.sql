with source as (
    {{ newest_version(source('drops', 'product_usage'), keys=['account_id', 'month_start'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('account_id') }} as account_id,

        {{ to_count('active_users') }} as active_users,
        {{ to_count('key_actions') }} as key_actions,

        {{ to_date('month_start') }} as month_start
    from source
)

select * from renamed
