{# Leaving rate after learning over the rate without, by gap, within tenure band x job title; one person leaves once, so person-months need no
   further clustering. #}
with adjusted as (
    {{ mantel_haenszel_rate_ratio(ref('int_impact__turnover_cells'), ['company_id', 'variant']) }}
),

crude as (
    {{ crude_rate_ratio(ref('int_impact__turnover_cells'), ['company_id', 'variant']) }}
),

joined as (
    select
        adjusted.company_id, adjusted.variant, adjusted.estimate, adjusted.log_error, adjusted.ci_low, adjusted.ci_high,
        recent.estimate as naive_estimate, recent.ci_low as naive_ci_low, recent.ci_high as naive_ci_high,
        people.n_treated, people.n_control, people.n_units, adjusted.events_treated + adjusted.events_control as n_events,
        adjusted.events_treated, adjusted.events_control, adjusted.strata_used, adjusted.overlap_share
    from adjusted
    inner join {{ ref('int_impact__turnover_people') }} as people on adjusted.company_id = people.company_id
    left join crude as recent on adjusted.company_id = recent.company_id and recent.variant = 'recent'
    where adjusted.variant <> 'recent'
)

select
    joined.*,
    case
        when n_treated >= 50 and n_control >= 50 and events_treated >= 10 and events_control >= 10
            and (strata_used >= 5 or overlap_share >= 0.6) and ci_low is not null then 'reads'
        else 'too_few'
    end as state,
    {{ names_of_true([('overlap', 'coalesce(overlap_share, 0) < 0.6')]) }} as failed_checks
from joined
