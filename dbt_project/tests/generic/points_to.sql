{# Every value that is there exists in `field` of `to`: dbt's own relationships test, but cheap to read in a failure. #}
{% test points_to(model, column_name, to, field) %}
select distinct child.{{ column_name }}
from {{ model }} as child
left join {{ to }} as parent on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null and parent.{{ field }} is null
{% endtest %}
