{# What a ticket is about, from its tags. Two kinds on one ticket are no kind; of several areas the first by name counts. #}
with tags as (
    select tickets.ticket_id, tag.value as tag
    from {{ ref('int_support__tickets_united') }} as tickets
    {{ json_texts('tickets.tags', 'tag') }}
),

kinds as (
    select tags.ticket_id, count(distinct words.ticket_kind) as kinds, min(words.ticket_kind) as ticket_kind
    from tags
    inner join {{ ref('stg_company__ticket_tags') }} as words on tags.tag = words.tag
    group by tags.ticket_id
),

categories as (
    select tags.ticket_id, min(substring(tags.tag, length(company.category_tag_prefix) + 1)) as ticket_category
    from tags
    inner join {{ ref('stg_company__settings') }} as company on {{ starts_with('tags.tag', 'company.category_tag_prefix') }}
    group by tags.ticket_id
)

select
    tickets.ticket_id,
    case when kinds.kinds = 1 then kinds.ticket_kind end as ticket_kind,
    categories.ticket_category
from {{ ref('int_support__tickets_united') }} as tickets
left join kinds on tickets.ticket_id = kinds.ticket_id
left join categories on tickets.ticket_id = categories.ticket_id
