{# Every day from the first of January ten years before observation starts to the last day of the year after this one. #}
with numbers as (
    {{ whole_numbers(20000) }}
),

bounds as (
    select
        {{ add_months("date_trunc('year', observed_from_at)", -120) }} as first_day,
        {{ add_months("date_trunc('year', as_of_at)", 24) }} as end_day,
        fiscal_year_start_month
    from {{ ref('stg_company__settings') }}
),

days as (
    select
        {{ add_days('bounds.first_day', 'numbers.n') }} as date_day,
        bounds.fiscal_year_start_month
    from bounds
    cross join numbers
    where {{ add_days('bounds.first_day', 'numbers.n') }} < bounds.end_day
)

select
    date_day,
    {{ week_start('date_day') }} as week_start,
    {{ month_start('date_day') }} as month_start,
    {{ quarter_start('date_day') }} as quarter_start,
    {# a fiscal year is called after the calendar year in which it ends #}
    cast(
        extract(year from date_day)
        + case when fiscal_year_start_month > 1 and extract(month from date_day) >= fiscal_year_start_month then 1 else 0 end
        as bigint
    ) as fiscal_year,
    {{ to_flag(days_between(week_start('date_day'), 'date_day') ~ " >= 5") }} as is_weekend
from days
