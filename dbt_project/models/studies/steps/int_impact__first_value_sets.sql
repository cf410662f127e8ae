{# Risk sets by stratum, day and arm; only days on which an account of the stratum reached first value. #}
with per_day as (
    select company_id, stratum, is_treated, t, {{ to_double("sum(case when outcome = 'event' then 1 else 0 end)") }} as events, count(*) as leaving
    from {{ ref('int_impact__first_value_units') }}
    where stratum is not null and t >= 0
    group by company_id, stratum, is_treated, t
),

days as (
    select company_id, stratum, t from per_day group by company_id, stratum, t having sum(events) > 0
),

arms as (
    select distinct company_id, stratum, is_treated from per_day
)

select
    days.company_id, days.stratum, {{ to_count('days.t') }} as t, arms.is_treated,
    {{ to_double('sum(case when per_day.t >= days.t then per_day.leaving else 0 end)') }} as at_risk,
    {{ to_double('sum(case when per_day.t = days.t then per_day.events else 0 end)') }} as events
from days
inner join arms on days.company_id = arms.company_id and days.stratum = arms.stratum
inner join per_day on days.company_id = per_day.company_id and days.stratum = per_day.stratum and arms.is_treated = per_day.is_treated
group by days.company_id, days.stratum, days.t, arms.is_treated
