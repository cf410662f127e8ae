{# A renewal is due in the month of a yearly anniversary of an annual plan, if the day has come and the account was there until it. #}
with due as (
    select
        months.account_id,
        months.month_start,
        months.renewal_date,
        {{ to_timestamp(add_days('months.renewal_date', '-months.exposure_lead_days')) }} as lead_moment,
        months.churned_at
    from {{ ref('int_accounts__months_spread') }} as months
    where months.renewal_date is not null
        and {{ to_timestamp('months.renewal_date') }} >= months.observed_from_at
        and {{ to_timestamp('months.renewal_date') }} < months.as_of_at
        and (months.churned_at is null or months.churned_at >= {{ to_timestamp('months.renewal_date') }})
)

select
    due.account_id,
    due.month_start,
    coalesce({{ month_start('due.churned_at') }} = due.month_start, false) as is_renewal_churned,
    at_lead.is_trained_any as was_trained_any_at_lead,
    at_lead.is_trained_share as was_trained_share_at_lead,
    at_lead.is_trained_certified as was_trained_certified_at_lead
from due
inner join {{ ref('int_accounts__training_counted') }} as at_lead
    on due.account_id = at_lead.account_id and due.lead_moment = at_lead.moment
