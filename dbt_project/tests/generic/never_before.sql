{# `later` is at or after `earlier` wherever both are known. #}
{% test never_before(model, earlier, later) %}
select {{ earlier }}, {{ later }}
from {{ model }}
where {{ later }} < {{ earlier }}
{% endtest %}
