{{ config(schema='studies') }}

{% for outcome in ['how_to', 'defect'] %}
select deltas.*, '{{ outcome }}' as ticket_kind
from (
    {% set cells -%}
    (
        select
            company_id, definition, time_window, cast(cohort_month as bigint) * 100000 + month_number as stratum, unit, is_treated,
            {{ outcome }}_x as x, {{ outcome }}_e as e
        from {{ ref('int_impact__ticket_cells') }}
    )
    {%- endset %}
    {{ own_baseline_deltas(cells, ['company_id', 'definition', 'time_window']) }}
) as deltas
{% if not loop.last %}union all{% endif %}
{% endfor %}
