with deletions as (
    {{ newest_deletions(source('hubspot', 'deletions')) }}
)

select * from deletions
