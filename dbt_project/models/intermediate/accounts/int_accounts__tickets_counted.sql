{# Tickets of an account by the UTC month in which they were opened; a deleted ticket is not counted. #}
select
    mapped.account_id,
    {{ month_start('tickets.created_at') }} as month_start,
    sum({{ one_if("tagged.ticket_kind = 'how_to'") }}) as tickets_how_to,
    sum({{ one_if("tagged.ticket_kind = 'defect'") }}) as tickets_defect,
    sum({{ one_if("tagged.ticket_kind = 'billing'") }}) as tickets_billing,
    sum({{ one_if("tagged.ticket_kind = 'request'") }}) as tickets_request,
    sum({{ one_if("tagged.ticket_kind is null") }}) as tickets_unmapped
from {{ ref('int_support__tickets_united') }} as tickets
inner join {{ ref('int_support__tickets_mapped') }} as mapped on tickets.ticket_id = mapped.ticket_id
inner join {{ ref('int_support__tickets_tagged') }} as tagged on tickets.ticket_id = tagged.ticket_id
where mapped.account_id is not null and not tickets.is_deleted
group by mapped.account_id, {{ month_start('tickets.created_at') }}
