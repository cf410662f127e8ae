{{ config(schema='restricted', contract={'enforced': false}) }}

{# Person x KPI x period, as the business system reported it; more is better (KPIs that should fall are turned around). #}
select
    company_id, unit_person_key as person_key, kpi_code as outcome, {{ to_timestamp('period_start') }} as happened_at,
    case direction when 'down' then -value else value end as value
from {{ ref('fct_kpi_observations') }}
where unit_type = 'person' and unit_person_key is not null and value is not null
