with source as (
    {{ newest_version(source('freshdesk', 'tickets'), keys=['id'], cursor='updated_at') }}
),

renamed as (
    select
        {{ to_key('source.id') }} as ticket_id,
        {{ to_key('source.requester_id') }} as requester_support_user_id,
        {{ to_key('source.responder_id') }} as assignee_support_user_id,
        {{ to_key('source.company_id') }} as organization_id,

        case when source.listed = 'deleted' then 'deleted' else coalesce(words.status, 'other') end as status,
        {{ to_text('source.status') }} as vendor_status,
        priorities.priority,
        lower({{ to_text('source.type') }}) as ticket_type,
        channels.channel,
        {{ to_text('source.tags') }} as tags,

        {{ to_count('case when source.reopened_at is null then 0 else 1 end') }} as reopen_count,
        {{ to_double(seconds_between('source.created_at', 'source.first_responded_at')) }} / 60.0 as first_reply_minutes,
        {{ to_double(seconds_between('source.created_at', 'source.resolved_at')) }} / 60.0 as full_resolution_minutes,

        source.listed <> 'current' as is_deleted,

        {{ to_timestamp('source.created_at') }} as created_at,
        {{ to_timestamp('source.resolved_at') }} as solved_at,
        {{ to_timestamp('source.updated_at') }} as updated_at
    from source
    left join {{ ref('xwalk_freshdesk_ticket_status') }} as words on {{ to_text('source.status') }} = words.vendor_status
    left join {{ ref('xwalk_freshdesk_priority') }} as priorities on source.priority = priorities.vendor_priority
    left join {{ ref('xwalk_freshdesk_channel') }} as channels on source.source = channels.vendor_source
)

select * from renamed
