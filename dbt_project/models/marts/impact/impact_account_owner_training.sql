select
    estimates.company_id,
    {{ to_text("'Do customers of trained account owners stay longer?'") }} as question,
    {{ to_text("'churn'") }} as outcome, {{ to_text("'owner'") }} as definition, {{ to_text("'person_time'") }} as method,
    true as is_headline,
    {% for column in ['estimate', 'ci_low', 'ci_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    {{ to_double('naive_estimate') }} as naive_estimate, {{ to_double('naive_ci_low') }} as naive_ci_low, {{ to_double('naive_ci_high') }} as naive_ci_high,
    {{ to_text("'rate_ratio'") }} as unit,
    {{ to_count('n_treated') }} as n_treated, {{ to_count('n_control') }} as n_control, {{ to_count('n_units') }} as n_units,
    {{ to_count('n_events') }} as n_events,
    {% for column in ['overlap_share', 'imbalance', 'negative_control_estimate', 'negative_control_low', 'negative_control_high'] -%}
    {{ to_double(column) }} as {{ column }},
    {% endfor -%}
    case when state = 'reads' then {{ e_value('estimate') }} end as e_value,
    case when state = 'reads' then {{ e_value_of_interval('ci_low', 'ci_high') }} end as e_value_of_interval,
    {{ to_text('failed_checks') }} as failed_checks, {{ to_text('untested_checks') }} as untested_checks,
    {{ to_text('state') }} as state, {{ to_text(tier_of('state', 'failed_checks', "'associated'")) }} as tier,
    {{ to_text("case when state <> 'reads' then 'fewer than 50 accounts, 10 leavers or 6 owners on one side' end") }} as withheld_reason,
    company.as_of_at
from {{ ref('int_impact__churn_estimates') }} as estimates
inner join {{ ref('dim_company') }} as company on estimates.company_id = company.company_id
where estimates.definition = 'owner'
