{# What each study comes to on the night of the build, before its look dates, multiplicity and tiers: one row per variant, outcome, horizon and method. #}
{% for step in [
    'int_studies__churn_rows', 'int_studies__ticket_rows', 'int_studies__agent_rows', 'int_studies__pilot_rows', 'int_studies__turnover_rows',
    'int_studies__first_value_rows', 'int_studies__role_rows', 'int_studies__mobility_rows',
] %}
select * from {{ ref(step) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
