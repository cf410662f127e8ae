with source as (
    {{ newest_snapshot(source('moodle', 'users'), keys=['id']) }}
),

audiences as (
    select
        fields.id,
        max(lower(trim({{ json_text('item.value', ['value']) }}))) as audience
    from source as fields {{ json_objects('fields.customfields', 'item') }}
    where {{ json_text('item.value', ['shortname']) }} = 'audience'
    group by fields.id
),

renamed as (
    select
        {{ to_text('source.id') }} as learner_id,
        {{ to_text('source.identity_key') }} as identity_key,
        nullif(trim({{ to_text('source.idnumber') }}), '') as external_id,

        {{ to_text('source.email_key') }} as email_key,
        {{ to_text('source.email_domain') }} as email_domain,
        nullif(trim({{ to_text('source.department') }}), '') as department_name,
        nullif({{ to_text('audiences.audience') }}, '') as audience,

        coalesce({{ to_text('source.suspended') }}, 'false') in ('false', '0') as is_active,
        true as is_learner,

        {{ moment_of_epoch('source.first_access') }} as first_login_at,
        {{ moment_of_epoch('source.last_access') }} as last_login_at
    from source
    left join audiences on source.id = audiences.id
)

select * from renamed
