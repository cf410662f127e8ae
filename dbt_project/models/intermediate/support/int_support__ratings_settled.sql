{# The newest rating of a ticket that says good or bad. #}
with ratings as (
    select
        ticket_id,
        satisfaction,
        row_number() over (partition by ticket_id order by updated_at desc, rating_id desc) as newest
    from {{ ref('int_support__ratings_united') }}
    where satisfaction is not null
)

select ticket_id, satisfaction
from ratings
where newest = 1
