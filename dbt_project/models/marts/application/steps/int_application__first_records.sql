{{ config(schema='restricted', contract={'enforced': false}) }}
{% set streams = {
    'practice': ('fct_practice_tasks', 'assigned_at'), 'evidence': ('fct_application_events', 'occurred_at'),
    'coaching': ('fct_coaching_events', 'occurred_at'), 'rituals': ('fct_rituals', 'held_at'),
    'paths': ('fct_learning_paths', 'opened_at'), 'buddies': ('fct_buddy_assignments', 'assigned_at'),
} %}

{# Since when a company records something at all: before that day nothing can be told from its absence. #}
select
    company.company_id{% for name in streams %},
    {{ name }}.first_at as {{ name }}_from{% endfor %}
from {{ ref('dim_company') }} as company
{% for name, (table, moment) in streams.items() -%}
left join (select company_id, min({{ moment }}) as first_at from {{ ref(table) }} group by company_id) as {{ name }}
    on company.company_id = {{ name }}.company_id
{% endfor %}
