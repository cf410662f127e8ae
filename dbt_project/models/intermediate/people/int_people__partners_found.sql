{# Only the learning platform says who is a partner. The login begins the role; a login that was closed ends it, at the latest when
   it was last changed. A person with several logins is a partner from the first one on, until the last is closed. #}
with logins as (
    select
        matched.person_key,
        learners.created_at,
        learners.closed_at
    from {{ ref('int_learning__learners_united') }} as learners
    inner join {{ ref('int_people__identities_matched') }} as matched
        on matched.population = 'learner' and learners.source = matched.vendor and learners.learner_id = matched.source_identity_id
    where learners.created_at is not null and learners.audience = 'partner'
)

select
    person_key,
    min(created_at) as valid_from,
    case when count(*) = count(closed_at) then max(closed_at) end as valid_to
from logins
group by person_key
