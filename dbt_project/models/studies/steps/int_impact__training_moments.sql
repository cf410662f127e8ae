{{ config(schema='studies') }}

{# The month in which a monthly account got its first trained contact: which share of its time in that month came after. Months are cut there, because
   days after the training counted as untrained would make training look weaker. One trained contact is enough only where company.yml says so. #}
with months as (
    select
        months.company_id, months.account_id, months.month_start, months.exposure_months, months.first_trained_at, months.is_churned,
        case
            when months.is_churned and accounts.churned_at < {{ to_timestamp(next_month_start('months.month_start')) }} then accounts.churned_at
            when company.as_of_at < {{ to_timestamp(next_month_start('months.month_start')) }} then company.as_of_at
            else {{ to_timestamp(next_month_start('months.month_start')) }}
        end as active_to
    from {{ ref('fct_account_months') }} as months
    inner join {{ ref('dim_company') }} as company on months.company_id = company.company_id and company.trained_minimum_contacts = 1
    left join {{ ref('dim_accounts') }} as accounts on months.company_id = accounts.company_id and months.account_id = accounts.account_id
    where months.plan <> 'annual' and not months.is_trained_any and months.exposure_months > 0
        and months.first_trained_at >= {{ to_timestamp('months.month_start') }}
)

select
    company_id, account_id, month_start,
    case
        when {{ seconds_between('first_trained_at', 'active_to') }} >= exposure_months * {{ seconds_in_month('month_start') }} then 1
        else {{ seconds_between('first_trained_at', 'active_to') }} / (exposure_months * {{ seconds_in_month('month_start') }})
    end as later_share
from months
where first_trained_at < active_to
