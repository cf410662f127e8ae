{# The customer of a ticket: its organization's account, else the account of the requester's contact. #}
with requesters as (
    select people.vendor, people.source_identity_id as support_user_id, contacts.account_id
    from {{ ref('int_people__identities_matched') }} as people
    inner join {{ ref('int_accounts__contacts_placed') }} as contacts on people.person_key = contacts.person_key
    where people.population = 'support_user' and people.is_matched
)

select
    tickets.ticket_id,
    coalesce(organizations.account_id, requesters.account_id) as account_id,
    case
        when organizations.account_id is not null then organizations.rule
        when requesters.account_id is not null then 'requester'
    end as rule
from {{ ref('int_support__tickets_united') }} as tickets
left join {{ ref('int_support__organizations_mapped') }} as organizations
    on tickets.source = organizations.source and tickets.organization_id = organizations.organization_id
left join requesters on tickets.source = requesters.vendor and tickets.requester_support_user_id = requesters.support_user_id
