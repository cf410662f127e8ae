{# A contact that a merge ended is marked where we landed it before; of one we never saw nothing is known but its id, and
   without a key it is nobody. #}
with source as (
    {{ newest_version(source('hubspot', 'contacts'), keys=['id'], cursor='updated_at', swept=['hubspot', 'contacts']) }}
),

merged as (
    select source._source, loser.value as id, min(source.id) as master_id
    from (select *, {{ merged_ids('merged_object_ids') }} as merged_list from source where merged_object_ids is not null) as source
    {{ json_texts('source.merged_list', 'loser') }}
    group by source._source, loser.value
),

renamed as (
    select
        {{ to_key('source.id') }} as contact_id,
        {{ to_text('source.identity_key') }} as identity_key,
        {{ to_key('merged.master_id') }} as master_contact_id,
        {{ to_filled_key('source.company_id') }} as account_id,
        {{ to_filled('source.external_id') }} as external_id,

        {{ to_text('source.email_key') }} as email_key,
        {{ to_text('source.email_domain') }} as email_domain,
        {{ to_text('source.jobtitle') }} as title,

        source.is_gone or merged.id is not null or coalesce({{ to_flag('source.archived') }}, false) as is_deleted,

        {{ to_timestamp('source.created_at') }} as created_at,
        {{ to_timestamp('source.updated_at') }} as updated_at
    from source
    left join merged on source.id = merged.id and {{ same_tenant('source', 'merged') }}
)

select * from renamed
