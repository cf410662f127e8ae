{{ config(schema='intermediate', contract={'enforced': false}) }}

select
    company_id, definition, stratum, bucket, is_treated, is_chance,
    {{ to_double('sum(events)') }} as events,
    {{ to_double('sum(exposure)') }} as exposure,
    sum(exposure * ln({{ to_double('greatest(paid_seats, 1)') }})) as sum_log_seats,
    sum(exposure * power(ln({{ to_double('greatest(paid_seats, 1)') }}), 2)) as sum_log_seats_squared
from {{ ref('int_impact__trained_periods') }}
where exposure > 0
group by company_id, definition, stratum, bucket, is_treated, is_chance
