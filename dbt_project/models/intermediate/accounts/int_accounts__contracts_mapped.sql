{# Contracts that were not deleted, on the account that survives a merge. #}
select
    contracts.contract_id,
    survivors.surviving_account_id as account_id,
    contracts.start_date,
    contracts.end_date,
    contracts.paid_seats,
    contracts.annual_value,
    contracts.currency
from {{ ref('int_accounts__contracts_united') }} as contracts
inner join {{ ref('int_accounts__survivors_found') }} as survivors on contracts.account_id = survivors.account_id
where not contracts.is_deleted
