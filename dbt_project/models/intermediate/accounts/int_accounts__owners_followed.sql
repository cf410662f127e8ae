{# The CRM keeps changes of the owner, and the owner of today. Before the first change stood its old value; an owner of today
   that no change explains starts when the account was last changed. #}
with changes as (
    select
        history.account_id,
        history.changed_at,
        history.old_owner_crm_user_id,
        history.new_owner_crm_user_id,
        row_number() over (partition by history.account_id order by history.changed_at, history.change_id) as position,
        row_number() over (partition by history.account_id order by history.changed_at desc, history.change_id desc) as position_from_end
    from {{ ref('int_accounts__owner_changes_united') }} as history
),

starts as (
    select
        accounts.source,
        accounts.account_id,
        coalesce(changes.old_owner_crm_user_id, accounts.owner_crm_user_id) as owner_crm_user_id,
        accounts.created_at as valid_from,
        0 as position
    from {{ ref('int_accounts__accounts_described') }} as accounts
    left join changes on accounts.account_id = changes.account_id and changes.position = 1
    union all
    select accounts.source, changes.account_id, changes.new_owner_crm_user_id, changes.changed_at, changes.position
    from changes
    inner join {{ ref('int_accounts__accounts_described') }} as accounts on changes.account_id = accounts.account_id
    union all
    select accounts.source, accounts.account_id, accounts.owner_crm_user_id, accounts.updated_at, changes.position + 1
    from {{ ref('int_accounts__accounts_described') }} as accounts
    inner join changes on accounts.account_id = changes.account_id and changes.position_from_end = 1
    where accounts.owner_crm_user_id is distinct from changes.new_owner_crm_user_id and accounts.updated_at > changes.changed_at
)

select
    source,
    account_id,
    owner_crm_user_id,
    valid_from,
    lead(valid_from) over (partition by account_id order by valid_from, position) as valid_to
from starts
where owner_crm_user_id is not null
