with source as (
    {{ newest_version(source('bamboohr', 'employee_changes'), keys=['id'], cursor='last_changed') }}
),

renamed as (
    select
        {{ to_key('id') }} as employee_id,

        lower({{ to_text('action') }}) as last_action,

        {{ to_timestamp('last_changed') }} as changed_at
    from source
)

select * from renamed
