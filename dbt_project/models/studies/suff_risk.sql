{# One row per study, variant, stratum and time at which somebody had the event: how many were at risk and how many had it, by arm. #}
select
    {{ to_text('company_id') }} as company_id, {{ to_text('study_id') }} as study_id, {{ to_text('variant') }} as variant,
    {{ to_text('stratum') }} as stratum, {{ to_count('t') }} as t,
    {{ to_double('sum(case when is_treated = 1 then at_risk else 0 end)') }} as at_risk_treated,
    {{ to_double('sum(case when is_treated = 0 then at_risk else 0 end)') }} as at_risk_control,
    {{ to_double('sum(case when is_treated = 1 then events else 0 end)') }} as events_treated,
    {{ to_double('sum(case when is_treated = 0 then events else 0 end)') }} as events_control
from {{ ref('int_studies__risk_sets') }}
group by company_id, study_id, variant, stratum, t
having sum(events) > 0
