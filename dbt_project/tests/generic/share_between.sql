{# The share of rows for which `condition` holds lies in [minimum, maximum]; a table with fewer than `at_least` rows passes. #}
{% test share_between(model, condition, minimum=0, maximum=1, at_least=1) %}
select share, row_count
from (
    select count(*) as row_count, {{ ratio("sum(case when " ~ condition ~ " then 1 else 0 end)", "count(*)") }} as share
    from {{ model }}
) as measured
where row_count >= {{ at_least }} and (share < {{ minimum }} or share > {{ maximum }})
{% endtest %}
