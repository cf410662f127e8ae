with deletions as (
    {{ newest_deletions(source('salesforce', 'deletions')) }}
)

select * from deletions
