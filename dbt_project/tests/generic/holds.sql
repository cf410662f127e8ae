{# A condition that is true for every row; a row where it is unknown fails, so write the missing case out. #}
{% test holds(model, condition) %}
select *
from {{ model }}
where not coalesce({{ condition }}, false)
{% endtest %}
