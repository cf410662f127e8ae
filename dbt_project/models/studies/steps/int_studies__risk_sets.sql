{# Risk sets by stratum and time of the studies that also read a hazard ratio; strata in which fewer than five ever stood at risk become 'other'. #}
with sets as (
    select
        company_id, 'turnover_by_learning' as study_id, variant, stratum, {{ to_count('month_number') }} as t, is_treated, exposure as at_risk, events
    from {{ ref('int_impact__turnover_cells') }}
    where variant <> 'recent'
    union all
    select
        company_id, case when definition = 'owner' then 'account_owner_training' else 'customer_education_churn' end as study_id,
        definition as variant, stratum,
        {{ to_count('extract(year from month_start) * 12 + extract(month from month_start)') }} as t,
        is_treated, {{ to_double('sum(exposure)') }} as at_risk, {{ to_double('sum(events)') }} as events
    from {{ ref('int_impact__trained_periods') }}
    where exposure > 0
    group by company_id, definition, stratum, month_start, is_treated
    union all
    select
        company_id, 'first_value_path' as study_id, 'path' as variant, stratum, t, is_treated, at_risk, events
    from {{ ref('int_impact__first_value_sets') }}
),

sized as (
    select
        company_id, study_id, variant, stratum, t, is_treated, at_risk, events,
        sum(at_risk) over (partition by company_id, study_id, variant, stratum, t) as together
    from sets
),

largest as (
    select company_id, study_id, variant, stratum, max(together) as together
    from sized
    group by company_id, study_id, variant, stratum
)

select
    sized.company_id, sized.study_id, sized.variant, case when largest.together < 5 then 'other' else sized.stratum end as stratum,
    sized.t, sized.is_treated, sum(sized.at_risk) as at_risk, sum(sized.events) as events
from sized
inner join largest
    on sized.company_id = largest.company_id and sized.study_id = largest.study_id and sized.variant = largest.variant
    and sized.stratum = largest.stratum
group by
    sized.company_id, sized.study_id, sized.variant, case when largest.together < 5 then 'other' else sized.stratum end, sized.t, sized.is_treated
