{# Outcome and earlier value of each cluster of a study that draws or compares clusters; clusters have running numbers, no names.
   Teams whose horizon has not passed are left out, as in int_impact__pilot_estimates: the estimate task compares the two. #}
select
    company_id, {{ to_text("'pilot_win_rate'") }} as study_id, {{ to_text('pilot_id') }} as variant, {{ to_text('outcome') }} as outcome,
    {{ to_count('horizon_days') }} as horizon_days,
    {{ to_count('row_number() over (partition by company_id, pilot_id, outcome, horizon_days order by team_key)') }} as cluster_number,
    {{ to_count('is_treated') }} as is_treated, {{ to_double('y') }} as y, {{ to_double('x') }} as x, {{ to_count('closed_after') }} as weight
from {{ ref('int_impact__pilot_teams') }}
where is_due
