{# Moodle tells no day of creation or of suspension: they are the first login, else the first load that shows the account, and the
   last load that showed it open. #}
with source as (
    {{ newest_snapshot(source('moodle', 'users'), keys=['id']) }}
),

audiences as (
    select
        fields._source,
        fields.id,
        max(lower(trim({{ json_text('item.value', ['value']) }}))) as audience
    from source as fields {{ json_objects('fields.customfields', 'item') }}
    where {{ json_text('item.value', ['shortname']) }} = 'audience'
    group by fields._source, fields.id
),

seen as (
    select
        _source,
        id,
        min(_loaded_at) as first_seen_at,
        max(case when coalesce({{ to_text('suspended') }}, 'false') in ('false', '0') then _loaded_at end) as last_open_at
    from {{ source('moodle', 'users') }}
    group by _source, id
),

renamed as (
    select
        {{ to_key('source.id') }} as learner_id,
        {{ to_text('source.identity_key') }} as identity_key,
        {{ to_filled('source.idnumber') }} as external_id,

        {{ to_text('source.email_key') }} as email_key,
        {{ to_text('source.email_domain') }} as email_domain,
        {{ to_filled('source.department') }} as department_name,
        nullif({{ to_text('audiences.audience') }}, '') as audience,

        coalesce({{ to_text('source.suspended') }}, 'false') in ('false', '0') as is_active,
        true as is_learner,

        {{ moment_of_epoch('source.first_access') }} as first_login_at,
        {{ moment_of_epoch('source.last_access') }} as last_login_at,
        least({{ to_timestamp('seen.first_seen_at') }}, {{ moment_of_epoch('source.first_access') }}) as created_at,
        coalesce({{ to_timestamp('seen.last_open_at') }}, {{ moment_of_epoch('source.last_access') }}) as updated_at
    from source
    inner join seen on source.id = seen.id and {{ same_tenant('source', 'seen') }}
    left join audiences on source.id = audiences.id and {{ same_tenant('source', 'audiences') }}
)

select * from renamed
