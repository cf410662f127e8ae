with source as (
    {{ newest_version(source('freshdesk', 'satisfaction_ratings'), keys=['id'], cursor='updated_at') }}
),

renamed as (
    select
        {{ to_key('source.id') }} as rating_id,
        {{ to_key('source.ticket_id') }} as ticket_id,
        {{ to_key('source.user_id') }} as requester_support_user_id,
        {{ to_key('source.agent_id') }} as assignee_support_user_id,

        words.satisfaction,
        {{ to_text('source.rating') }} as vendor_score,

        {{ to_timestamp('source.created_at') }} as created_at,
        {{ to_timestamp('source.updated_at') }} as updated_at
    from source
    left join {{ ref('xwalk_freshdesk_satisfaction') }} as words on {{ to_text('source.rating') }} = words.vendor_score
)

select * from renamed
