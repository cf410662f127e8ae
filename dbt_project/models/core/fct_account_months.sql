select
    {{ to_text('months.company_id') }} as company_id,
    {{ to_text('months.account_id') }} as account_id,
    {{ to_date('months.month_start') }} as month_start,
    {{ to_text('months.segment') }} as segment,
    {{ to_text('months.plan') }} as plan,
    {{ to_text('months.early_health_band') }} as early_health_band,
    {{ to_count('months.age_months') }} as age_months,
    {{ to_text("case when months.age_months < 12 then 'first_year' else 'later' end") }} as age_band,
    {{ ratio(seconds_between('months.active_from', 'months.active_to'), seconds_in_month('months.month_start')) }} as exposure_months,
    {{ to_flag('coalesce(months.churned_at >= months.month_start and months.churned_at < months.next_month_start, false)') }} as is_churned,
    {{ to_flag('renewals.account_id is not null') }} as is_renewal_due,
    {{ to_flag('coalesce(renewals.is_renewal_churned, false)') }} as is_renewal_churned,
    {{ to_count('contracts.paid_seats') }} as paid_seats,
    {{ to_double('contracts.annual_value') }} as arr,
    {{ to_text('contracts.currency') }} as currency,
    {{ to_count('training.contacts_known') }} as contacts_known,
    {{ to_count('training.contacts_trained') }} as contacts_trained,
    {{ to_flag('training.is_trained_any') }} as is_trained_any,
    {{ to_flag('training.is_trained_share') }} as is_trained_share,
    {{ to_flag('training.is_trained_certified') }} as is_trained_certified,
    {{ to_flag('renewals.was_trained_any_at_lead') }} as was_trained_any_at_lead,
    {{ to_flag('renewals.was_trained_share_at_lead') }} as was_trained_share_at_lead,
    {{ to_flag('renewals.was_trained_certified_at_lead') }} as was_trained_certified_at_lead,
    {{ to_timestamp('first_training.first_trained_at') }} as first_trained_at,
    {{ to_count('coalesce(tickets.tickets_how_to, 0)') }} as tickets_how_to,
    {{ to_count('coalesce(tickets.tickets_defect, 0)') }} as tickets_defect,
    {{ to_count('coalesce(tickets.tickets_billing, 0)') }} as tickets_billing,
    {{ to_count('coalesce(tickets.tickets_request, 0)') }} as tickets_request,
    {{ to_count('coalesce(tickets.tickets_unmapped, 0)') }} as tickets_unmapped,
    {{ to_text('owners.owner_person_key') }} as owner_person_key,
    {{ to_flag('coalesce(owners.is_owner_trained, false)') }} as is_owner_trained
from {{ ref('int_accounts__months_spread') }} as months
left join {{ ref('int_accounts__training_counted') }} as training
    on months.account_id = training.account_id and {{ to_timestamp('months.month_start') }} = training.moment
left join {{ ref('int_accounts__renewals_judged') }} as renewals
    on months.account_id = renewals.account_id and months.month_start = renewals.month_start
left join {{ ref('int_accounts__contracts_by_month') }} as contracts
    on months.account_id = contracts.account_id and months.month_start = contracts.month_start
left join {{ ref('int_accounts__tickets_counted') }} as tickets
    on months.account_id = tickets.account_id and months.month_start = tickets.month_start
left join {{ ref('int_accounts__owners_by_month') }} as owners
    on months.account_id = owners.account_id and months.month_start = owners.month_start
left join {{ ref('int_accounts__first_training_found') }} as first_training on months.account_id = first_training.account_id
