{# Every company has at least one row of every registered study: without the estimate task the marts have no effects and must not pass. #}
{% test estimated_for_every_study(model) %}
select company.company_id, studies.study_id
from {{ ref('dim_company') }} as company
cross join {{ ref('impact_studies') }} as studies
left join {{ model }} as estimates on company.company_id = estimates.company_id and studies.study_id = estimates.study_id
where estimates.study_id is null
{% endtest %}
