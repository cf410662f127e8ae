{# Requesters and agents. Freshdesk lists its agents apart and keeps the id of a contact who became one: that is the agent then. #}
{%- set columns = ['support_user_id', 'identity_key', 'email_key', 'email_domain', 'external_id', 'role', 'created_at'] %}
with freshdesk_contacts as (
    select contacts.*
    from {{ ref('stg_freshdesk__contacts') }} as contacts
    left join {{ ref('stg_freshdesk__agents') }} as agents on contacts.support_user_id = agents.support_user_id
    where agents.support_user_id is null
)

select 'zendesk' as source, 'users' as list_name, {{ columns | join(', ') }}
from {{ ref('stg_zendesk__users') }}
union all
select 'freshdesk', 'agents', {{ columns | join(', ') }}
from {{ ref('stg_freshdesk__agents') }}
union all
select 'freshdesk', 'contacts', {{ columns | join(', ') }}
from freshdesk_contacts
