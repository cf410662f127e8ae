{{ config(schema='intermediate', contract={'enforced': false}) }}

{# Long: one row per figure and row of its mart, with its state and, where a row speaks for the whole company, its period and value. #}

{% for metric in metric_list() %}
select
    company_id, {{ to_text(text_literal(metric.id)) }} as metric_id,
    {{ to_text(metric.state) }} as state,
    {{ to_double(metric.column) }} as figure_value,
    {{ to_text(metric.period_column) if metric.period_column else to_text('null') }} as period,
    {{ to_flag('(' ~ metric.total_row ~ ')' if metric.total_row else 'false') }} as speaks_for_all
from {{ ref(metric.mart) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
