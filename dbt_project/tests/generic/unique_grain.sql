{# One row per combination of `columns`, and none of them missing: the grain a model promises. Returns the offending keys. #}
{% test unique_grain(model, columns) %}
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 {% for column in columns %}or {{ column }} is null {% endfor %}
{% endtest %}
