{# A number lies in [minimum, maximum]; a missing number passes (not_null says whether it may be missing). #}
{% test within_range(model, column_name, minimum=none, maximum=none) %}
select {{ column_name }}
from {{ model }}
where {% if minimum is not none %}{{ column_name }} < {{ minimum }}{% else %}false{% endif %}
    or {% if maximum is not none %}{{ column_name }} > {{ maximum }}{% else %}false{% endif %}
{% endtest %}
