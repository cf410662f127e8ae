select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('contracts.contract_id') }} as contract_id,
    {{ to_text('contracts.account_id') }} as account_id,
    {{ to_date('contracts.start_date') }} as start_date,
    {{ to_date('contracts.end_date') }} as end_date,
    {{ to_count('contracts.paid_seats') }} as paid_seats,
    {{ to_double('contracts.annual_value') }} as annual_value,
    {{ to_text('contracts.currency') }} as currency
from {{ ref('int_accounts__contracts_mapped') }} as contracts
cross join {{ ref('stg_company__settings') }} as company
