{{ config(schema='restricted', contract={'enforced': false}) }}

{# Months from the start of observation to the last one begun before the night; the newest ends at the night. #}
with months as (
    select
        company.company_id, {{ to_date('company.as_of_at') }} as as_of_date,
        {{ add_months(month_start(add_days('company.as_of_at', -1)), '-numbers.n') }} as month_start,
        {{ month_start('company.observed_from_at') }} as first_month, numbers.n = 0 as is_newest
    from {{ ref('dim_company') }} as company
    cross join ({{ whole_numbers(60) }}) as numbers
)

select
    company_id, month_start, is_newest,
    case when {{ add_months('month_start', 1) }} > as_of_date then as_of_date else {{ add_months('month_start', 1) }} end as month_end
from months
where is_newest or month_start >= first_month
