{# Who owned an account when a month began, and whether that person had completed the owner training before. #}
select
    months.account_id,
    months.month_start,
    people.person_key as owner_person_key,
    coalesce(trained.owner_trained_at < {{ to_timestamp('months.month_start') }}, false) as is_owner_trained
from {{ ref('int_accounts__months_spread') }} as months
inner join {{ ref('int_accounts__owners_followed') }} as owners
    on months.account_id = owners.account_id
    and owners.valid_from <= {{ to_timestamp('months.month_start') }}
    and (owners.valid_to is null or owners.valid_to > {{ to_timestamp('months.month_start') }})
left join {{ ref('int_people__identities_matched') }} as people
    on people.population = 'crm_user' and owners.source = people.vendor and owners.owner_crm_user_id = people.source_identity_id
left join {{ ref('int_learning__people_trained') }} as trained on people.person_key = trained.person_key
