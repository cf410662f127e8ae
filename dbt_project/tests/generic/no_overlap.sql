{# Validity is half open [valid_from, valid_to): inside one `keys` group no row starts before the row ahead of it has ended. #}
{% test no_overlap(model, keys, starts='valid_from', ends='valid_to') %}
select *
from (
    select
        {{ keys | join(', ') }}, {{ starts }}, {{ ends }},
        lead({{ starts }}) over (partition by {{ keys | join(', ') }} order by {{ starts }}) as next_start
    from {{ model }}
) as neighbors
where (next_start is not null and ({{ ends }} is null or {{ ends }} > next_start)) or {{ ends }} <= {{ starts }}
{% endtest %}
