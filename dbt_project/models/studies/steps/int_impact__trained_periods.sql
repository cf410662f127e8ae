{{ config(schema='studies') }}
{# Account x month x definition. Monthly plans: every month at risk, trained as of its start (int_impact__churn_cells cuts the month of the first
   training). Annual plans: a renewal is one chance, trained as of the lead before it; an owner, whom no leaving customer chooses, counts as of the
   month's start on both plans. #}
{% set definitions = [
    ('any', 'is_trained_any', 'was_trained_any_at_lead'),
    ('share', 'is_trained_share', 'was_trained_share_at_lead'),
    ('certified', 'is_trained_certified', 'was_trained_certified_at_lead'),
    ('owner', 'is_owner_trained', 'is_owner_trained'),
] %}

with months as (
    select
        *,
        {{ to_double('paid_seats') }} * exposure_months as seat_months,
        segment || '/' || plan || '/' || early_health_band || '/' || age_band as stratum
    from {{ ref('fct_account_months') }}
),

by_definition as (
    {% for definition, is_trained, was_trained_at_lead in definitions %}
    select
        company_id, '{{ definition }}' as definition, account_id, month_start, stratum, segment, plan, early_health_band, age_months,
        paid_seats, exposure_months, seat_months, is_churned, is_renewal_due, is_renewal_churned,
        tickets_how_to, tickets_defect, tickets_unmapped,
        tickets_how_to + tickets_defect + tickets_billing + tickets_request + tickets_unmapped as tickets,
        {{ "owner_person_key" if definition == 'owner' else "account_id" }} as cluster_id,
        {{ is_trained }} as is_trained,
        {{ was_trained_at_lead }} as was_trained_at_lead
    from months
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    company_id, definition, account_id, month_start, stratum, segment, plan, early_health_band, age_months,
    paid_seats, exposure_months, seat_months, is_churned, tickets_how_to, tickets_defect, tickets_unmapped, tickets,
    {{ bucket_of("coalesce(cluster_id, 'nobody')") }} as bucket,
    case when is_trained then 1 else 0 end as is_trained,
    case when plan = 'annual' then case when was_trained_at_lead then 1 else 0 end when is_trained then 1 else 0 end as is_treated,
    plan = 'annual' as is_chance,
    case when plan = 'annual' then {{ one_if('is_renewal_due and is_renewal_churned') }} when is_churned then 1 else 0 end as events,
    case
        when plan <> 'annual' then exposure_months
        when is_renewal_due and was_trained_at_lead is not null then 1
        else 0
    end as exposure
from by_definition
