with changes as (
    {{ united(
        {'salesforce': ref('stg_salesforce__account_history'), 'hubspot': ref('stg_hubspot__company_owners')},
        ['change_id', 'account_id', 'field', 'old_value', 'new_value', 'changed_at']
    ) }}
)

select source, change_id, account_id, old_value as old_owner_crm_user_id, new_value as new_owner_crm_user_id, changed_at
from changes
where field = 'Owner'
