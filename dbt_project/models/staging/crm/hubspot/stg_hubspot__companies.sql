{# HubSpot keeps no record of a company that a merge ended; its id stands in hs_merged_object_ids of the one it went into.
   What we landed before the merge is still known, and a company that we never saw has a row of its id alone. #}
with source as (
    {{ newest_version(source('hubspot', 'companies'), keys=['id'], cursor='updated_at', swept=['hubspot', 'companies']) }}
),

merged as (
    select source._source, loser.value as id, min(source.id) as master_id, max(source.updated_at) as merged_at
    from (select *, {{ merged_ids('merged_object_ids') }} as merged_list from source where merged_object_ids is not null) as source
    {{ json_texts('source.merged_list', 'loser') }}
    group by source._source, loser.value
),

every_id as (
    select _source, id from source
    union
    select _source, id from merged
),

renamed as (
    select
        {{ to_key('every_id.id') }} as account_id,
        {{ to_key('merged.master_id') }} as master_account_id,
        {{ to_filled('source.external_id') }} as external_id,
        {{ to_key('source.owner_id') }} as owner_crm_user_id,

        {{ to_text('source.name') }} as account_name,
        {{ web_domain(to_text('source.domain')) }} as website_domain,
        {{ to_text('source.industry') }} as industry,
        lower(trim({{ to_text('source.segment') }})) as segment,
        lower(trim({{ to_text('source.plan') }})) as plan,
        lower(trim({{ to_text('source.early_health_band') }})) as early_health_band,
        {{ to_text('source.churn_reason') }} as churn_reason,

        {{ to_count('source.numberofemployees') }} as number_of_employees,

        coalesce(source.is_gone, false) or merged.id is not null or coalesce({{ to_flag('source.archived') }}, false) as is_deleted,

        {{ to_date('source.early_health_band_date') }} as early_health_band_date,

        {{ to_timestamp('source.churned_date') }} as churned_at,
        {{ to_timestamp('source.first_value_date') }} as first_value_at,
        {{ to_timestamp('source.created_at') }} as created_at,
        {{ to_timestamp('coalesce(merged.merged_at, source.updated_at)') }} as updated_at
    from every_id
    left join source on every_id.id = source.id and {{ same_tenant('every_id', 'source') }}
    left join merged on every_id.id = merged.id and {{ same_tenant('every_id', 'merged') }}
)

select * from renamed
