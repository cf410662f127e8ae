with accounts as (
    select account_id, master_account_id from {{ ref('stg_salesforce__accounts') }}
)

select
    account.account_id,
    coalesce(third.master_account_id, second.master_account_id, account.master_account_id, account.account_id) as surviving_account_id,
    account.master_account_id is not null as was_merged
from accounts as account
left join accounts as second on account.master_account_id = second.account_id
left join accounts as third on second.master_account_id = third.account_id
