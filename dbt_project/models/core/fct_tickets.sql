{{ config(schema='restricted') }}

with people as (
    select vendor, source_identity_id as support_user_id, person_key
    from {{ ref('int_people__identities_matched') }}
    where population = 'support_user'
)

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('tickets.ticket_id') }} as ticket_id,
    {{ to_text('mapped.account_id') }} as account_id,
    {{ to_text('requesters.person_key') }} as requester_person_key,
    {{ to_text('assignees.person_key') }} as assignee_person_key,
    {{ to_timestamp('tickets.created_at') }} as created_at,
    {{ to_timestamp('tickets.solved_at') }} as solved_at,
    {{ to_double('tickets.first_reply_minutes') }} as first_reply_minutes,
    {{ hours_between('tickets.created_at', 'tickets.solved_at') }} as resolution_hours,
    {{ to_count('tickets.reopen_count') }} as reopen_count,
    {{ to_text('tagged.ticket_kind') }} as ticket_kind,
    {{ to_text('tagged.ticket_category') }} as ticket_category,
    {{ to_text('tickets.status') }} as status,
    {{ to_text('ratings.satisfaction') }} as satisfaction
from {{ ref('int_support__tickets_united') }} as tickets
left join {{ ref('int_support__tickets_mapped') }} as mapped on tickets.ticket_id = mapped.ticket_id
left join {{ ref('int_support__tickets_tagged') }} as tagged on tickets.ticket_id = tagged.ticket_id
left join {{ ref('int_support__ratings_settled') }} as ratings on tickets.ticket_id = ratings.ticket_id
left join people as requesters on tickets.source = requesters.vendor and tickets.requester_support_user_id = requesters.support_user_id
left join people as assignees on tickets.source = assignees.vendor and tickets.assignee_support_user_id = assignees.support_user_id
cross join {{ ref('stg_company__settings') }} as company
where not tickets.is_deleted
