select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('survivors.account_id') }} as account_id,
    {{ to_text('survivors.surviving_account_id') }} as surviving_account_id
from {{ ref('int_accounts__survivors_found') }} as survivors
cross join {{ ref('stg_company__settings') }} as company
where survivors.was_merged
