{{ config(schema='intermediate', contract={'enforced': false}) }}

{# A straight line through the last twelve published months of a metric, and what it needs to be drawn further with an interval. #}
with numbered as (
    select
        *, cast(extract(year from month_start) * 12 + extract(month from month_start) as integer) as x,
        max(extract(year from month_start) * 12 + extract(month from month_start)) over (partition by company_id, metric_id, unit) as last_x
    from {{ ref('int_impact__metric_series') }}
),

moments as (
    select
        company_id, metric_id, unit, {{ to_double('count(*)') }} as points, max(x) as last_x, avg({{ to_double('x') }}) as mean_x, avg(value) as mean_y,
        var_samp({{ to_double('x') }}) as var_x, var_samp(value) as var_y, covar_samp(value, {{ to_double('x') }}) as cov
    from numbered
    where x > last_x - 12
    group by company_id, metric_id, unit
)

select
    company_id, metric_id, unit, points, last_x, mean_x, mean_y, var_x, cov / var_x as slope,
    {{ safe_sqrt('greatest((points - 1) / (points - 2) * (var_y - cov * cov / var_x), 0)') }} as residual
from moments
where points >= 6 and var_x > 0
