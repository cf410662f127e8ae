{# A deleted learner comes without address, audience and group: they are taken from the newest load that had them. The platform
   tells no day of creation; it is in the id, whose first eight digits are the second in which it was made. #}
with source as (
    {{ newest_snapshot(source('learning360', 'users'), keys=['id']) }}
),

profiles as (
    select _source, id, mail_key, mail_domain, job, custom, primary_group_id
    from (
        select
            _source, id, mail_key, mail_domain, job, custom, primary_group_id,
            row_number() over (partition by _source, id order by _seq desc, _index desc) as age
        from {{ source('learning360', 'users') }}
        where status <> 'deleted'
    ) as versions
    where age = 1
),

deletions as (
    select deleted._source, deleted.id, max({{ to_timestamp("substring(item.value, 1, 19)") }}) as deleted_at
    from source as deleted {{ json_texts('deleted.deleted_at', 'item') }}
    group by deleted._source, deleted.id
),

renamed as (
    select
        {{ to_key('source.id') }} as learner_id,
        {{ to_text('source.identity_key') }} as identity_key,
        {{ to_key('coalesce(source.primary_group_id, profiles.primary_group_id)', 'source._source') }} as department_id,

        {{ to_text('coalesce(source.mail_key, profiles.mail_key)') }} as email_key,
        {{ to_text('coalesce(source.mail_domain, profiles.mail_domain)') }} as email_domain,
        {{ to_text('coalesce(source.job, profiles.job)') }} as job_title,
        nullif(lower(trim({{ to_text('coalesce(source.custom, profiles.custom)') }})), '') as audience,

        source.status <> 'deleted' as is_active,
        true as is_learner,

        case when source.status = 'deleted' then deletions.deleted_at end as deactivated_at,
        {{ moment_of_epoch(number_of_hex8('source.id')) }} as created_at,
        {{ to_timestamp('source.last_login_date') }} as last_login_at
    from source
    left join profiles on source.id = profiles.id and {{ same_tenant('source', 'profiles') }}
    left join deletions on source.id = deletions.id and {{ same_tenant('source', 'deletions') }}
)

select
    *,
    coalesce(deactivated_at, last_login_at, created_at) as updated_at
from renamed
