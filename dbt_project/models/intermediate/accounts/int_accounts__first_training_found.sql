{# The first verified completion of customer education by any contact an account ever had. #}
select contacts.account_id, min(trained.educated_at) as first_trained_at
from {{ ref('int_accounts__contacts_placed') }} as contacts
inner join {{ ref('int_learning__people_trained') }} as trained on contacts.person_key = trained.person_key
where contacts.account_id is not null and trained.educated_at is not null
group by contacts.account_id
