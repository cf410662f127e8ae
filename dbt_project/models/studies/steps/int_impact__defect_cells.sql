{{ config(schema='studies') }}

{# Defect tickets per paid seat through the very strata of the churn comparison: a number training cannot move. #}
select
    company_id, definition, stratum, bucket, is_trained as is_treated, false as is_chance,
    {{ to_double('sum(tickets_defect)') }} as events,
    {{ to_double('sum(seat_months)') }} as exposure
from {{ ref('int_impact__trained_periods') }}
where seat_months > 0
group by company_id, definition, stratum, bucket, is_trained
