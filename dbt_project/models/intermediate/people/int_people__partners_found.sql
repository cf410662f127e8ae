{# Only the learning platform says who is a partner. The login begins the role; a login that was closed ends it, at the latest when
   it was last changed. A person with several logins is a partner from the first one on, until the last is closed. #}
with logins as (
    select
        matched.person_key,
        learners.created_at,
        case when not learners.is_active then coalesce(learners.terminated_at, learners.updated_at) end as closed_at
    from {{ ref('stg_absorb__users') }} as learners
    inner join {{ ref('int_people__identities_matched') }} as matched
        on matched.source = 'absorb.users' and learners.learner_id = matched.source_identity_id
    where learners.created_at is not null and learners.audience = 'partner'
)

select
    person_key,
    min(created_at) as valid_from,
    case when count(*) = count(closed_at) then max(closed_at) end as valid_to
from logins
group by person_key
