{# Contacts known and trained at each moment we ask about: the start of every month, and the lead time before every renewal.
   A contact counts from creation until deletion; a completion counts only when it lies before the moment. #}
with moments as (
    select account_id, {{ to_timestamp('month_start') }} as moment from {{ ref('int_accounts__months_spread') }}
    union
    select account_id, {{ to_timestamp(add_days('renewal_date', '-exposure_lead_days')) }}
    from {{ ref('int_accounts__months_spread') }}
    where renewal_date is not null
),

counted as (
    select
        moments.account_id,
        moments.moment,
        count(contacts.person_key) as contacts_known,
        coalesce(sum({{ one_if('trained.educated_at < moments.moment') }}), 0) as contacts_trained,
        coalesce(sum({{ one_if('trained.certified_at < moments.moment') }}), 0) as contacts_certified
    from moments
    left join {{ ref('int_accounts__contacts_placed') }} as contacts
        on moments.account_id = contacts.account_id
        and contacts.valid_from < moments.moment
        and (contacts.valid_to is null or contacts.valid_to > moments.moment)
    left join {{ ref('int_learning__people_trained') }} as trained on contacts.person_key = trained.person_key
    group by moments.account_id, moments.moment
)

select
    counted.account_id,
    counted.moment,
    counted.contacts_known,
    counted.contacts_trained,
    counted.contacts_trained >= company.trained_minimum_contacts as is_trained_any,
    coalesce({{ ratio('counted.contacts_trained', 'counted.contacts_known') }} >= company.trained_minimum_share, false) as is_trained_share,
    counted.contacts_certified > 0 as is_trained_certified
from counted
cross join {{ ref('stg_company__settings') }} as company
