{{ config(schema='studies') }}

with periods as (
    select
        company_id, definition, account_id, month_start, stratum, bucket, is_treated, is_chance, {{ to_double('events') }} as events,
        {{ to_double('exposure') }} as exposure, ln({{ to_double('greatest(paid_seats, 1)') }}) as log_seats
    from {{ ref('int_impact__trained_periods') }}
    where exposure > 0
),

{# What of a month comes after its first training is taken from the untrained side and put on the trained one; so is the leaving, because nobody
   is trained after leaving. #}
moved as (
    select
        periods.company_id, periods.definition, periods.stratum, periods.bucket, periods.is_chance, periods.log_seats, periods.events,
        periods.exposure * moments.later_share as exposure
    from periods
    inner join {{ ref('int_impact__training_moments') }} as moments
        on periods.company_id = moments.company_id and periods.account_id = moments.account_id and periods.month_start = moments.month_start
    where periods.definition = 'any' and periods.is_treated = 0 and not periods.is_chance
),

parts as (
    select company_id, definition, stratum, bucket, is_treated, is_chance, log_seats, events, exposure from periods
    union all
    select company_id, definition, stratum, bucket, 0 as is_treated, is_chance, log_seats, -events as events, -exposure as exposure from moved
    union all
    select company_id, definition, stratum, bucket, 1 as is_treated, is_chance, log_seats, events, exposure from moved
)

select
    company_id, definition, stratum, bucket, is_treated, is_chance,
    sum(events) as events,
    sum(exposure) as exposure,
    sum(exposure * log_seats) as sum_log_seats,
    sum(exposure * power(log_seats, 2)) as sum_log_seats_squared
from parts
group by company_id, definition, stratum, bucket, is_treated, is_chance
having sum(exposure) > 1e-9
