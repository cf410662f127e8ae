with deletions as (
    {{ newest_deletions(source('absorb', 'deletions')) }}
)

select * from deletions
