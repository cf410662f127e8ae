{# The contract that covers the first day on which the account was a customer in a month; of several, the one that started last. #}
with covering as (
    select
        months.account_id,
        months.month_start,
        contracts.paid_seats,
        contracts.annual_value,
        contracts.currency,
        row_number() over (
            partition by months.account_id, months.month_start order by contracts.start_date desc, contracts.contract_id desc
        ) as position
    from {{ ref('int_accounts__months_spread') }} as months
    inner join {{ ref('int_accounts__contracts_mapped') }} as contracts
        on months.account_id = contracts.account_id
        and contracts.start_date <= {{ to_date('months.active_from') }}
        and (contracts.end_date is null or contracts.end_date > {{ to_date('months.active_from') }})
)

select account_id, month_start, paid_seats, annual_value, currency
from covering
where position = 1
