with source as (
    {{ newest_version(source('zendesk', 'tickets'), keys=['id'], cursor='generated_timestamp') }}
),

renamed as (
    select
        {{ to_key('source.id') }} as ticket_id,
        {{ to_key('source.requester_id') }} as requester_support_user_id,
        {{ to_key('source.assignee_id') }} as assignee_support_user_id,
        {{ to_key('source.organization_id') }} as organization_id,

        coalesce(words.status, 'other') as status,
        {{ to_text('source.status') }} as vendor_status,
        {{ to_text('source.priority') }} as priority,
        {{ to_text('source.type') }} as ticket_type,
        {{ to_text('source.via_channel') }} as channel,
        {{ to_text('source.tags') }} as tags,

        {{ to_count('source.metric_reopens') }} as reopen_count,
        {{ to_double('source.metric_first_reply_minutes') }} as first_reply_minutes,
        {{ to_double('source.metric_full_resolution_minutes') }} as full_resolution_minutes,

        coalesce(words.is_deleted, false) as is_deleted,

        {{ to_timestamp('source.created_at') }} as created_at,
        {{ to_timestamp('source.metric_solved_at') }} as solved_at,
        {{ to_timestamp('source.updated_at') }} as updated_at
    from source
    left join {{ ref('xwalk_zendesk_ticket_status') }} as words on source.status = words.vendor_status
)

select * from renamed
