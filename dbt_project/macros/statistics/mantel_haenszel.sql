{# Mantel-Haenszel estimators over cells. `cells` names a relation with the columns in `by` plus
     stratum, is_treated (0 | 1), events, exposure, is_chance (true: exposure counts chances, an event uses one up; false: person-time).
   Each returns one row per `by`; an estimate that cannot be computed is missing. #}

{# Rate ratio, Greenland-Robins variance: Poisson for person-time, binomial where exposure counts chances. #}
{% macro mantel_haenszel_rate_ratio(cells, by) -%}
select
    {{ by | join(', ') }},
    case when r > 0 and s > 0 then r / s end as estimate,
    case when r > 0 and s > 0 and v > 0 then sqrt(v / (r * s)) end as log_error,
    case when r > 0 and s > 0 and v > 0 then r / s * exp(-{{ z975() }} * sqrt(v / (r * s))) end as ci_low,
    case when r > 0 and s > 0 and v > 0 then r / s * exp({{ z975() }} * sqrt(v / (r * s))) end as ci_high,
    strata_used, events_treated, events_control, exposure_treated, exposure_control, overlap_share
from (
    select
        {{ by | join(', ') }},
        sum(case when used then a * t0 / (t1 + t0) end) as r,
        sum(case when used then c * t1 / (t1 + t0) end) as s,
        sum(case
            when used and is_chance then (t1 * t0 * (a + c) - a * c * (t1 + t0)) / power(t1 + t0, 2)
            when used then (a + c) * t1 * t0 / power(t1 + t0, 2)
        end) as v,
        sum(case when used then 1 else 0 end) as strata_used,
        sum(a) as events_treated, sum(c) as events_control, sum(t1) as exposure_treated, sum(t0) as exposure_control,
        sum(case when used then t1 else 0 end) / nullif(sum(t1), 0) as overlap_share
    from (
        select
            {{ by | join(', ') }}, stratum, is_chance, a, t1, c, t0, t1 > 0 and t0 > 0 as used
        from (
            select
                {{ by | join(', ') }}, stratum, is_chance,
                {{ to_double('sum(case when is_treated = 1 then events else 0 end)') }} as a,
                {{ to_double('sum(case when is_treated = 1 then exposure else 0 end)') }} as t1,
                {{ to_double('sum(case when is_treated = 0 then events else 0 end)') }} as c,
                {{ to_double('sum(case when is_treated = 0 then exposure else 0 end)') }} as t0
            from {{ cells }} as given
            group by {{ by | join(', ') }}, stratum, is_chance
        ) as sums
    ) as strata
    group by {{ by | join(', ') }}
) as totals
{%- endmacro %}

{# Crude ratio of two rates with the Poisson interval: the plain comparison, always labelled as such. #}
{% macro crude_rate_ratio(cells, by) -%}
select
    {{ by | join(', ') }},
    case when a > 0 and c > 0 and t1 > 0 and t0 > 0 then a / t1 / (c / t0) end as estimate,
    case when a > 0 and c > 0 and t1 > 0 and t0 > 0 then a / t1 / (c / t0) * exp(-{{ z975() }} * sqrt(1 / a + 1 / c)) end as ci_low,
    case when a > 0 and c > 0 and t1 > 0 and t0 > 0 then a / t1 / (c / t0) * exp({{ z975() }} * sqrt(1 / a + 1 / c)) end as ci_high
from (
    select
        {{ by | join(', ') }},
        {{ to_double('sum(case when is_treated = 1 then events else 0 end)') }} as a,
        {{ to_double('sum(case when is_treated = 1 then exposure else 0 end)') }} as t1,
        {{ to_double('sum(case when is_treated = 0 then events else 0 end)') }} as c,
        {{ to_double('sum(case when is_treated = 0 then exposure else 0 end)') }} as t0
    from {{ cells }} as given
    group by {{ by | join(', ') }}
) as sums
{%- endmacro %}

{# Risk ratio and risk difference from counts (exposure = units): Greenland-Robins for the ratio, Sato for the difference
   (and Greenland-Robins beside it, for strata that are not thin). #}
{% macro mantel_haenszel_risk(cells, by) -%}
select
    {{ by | join(', ') }},
    case when rr_r > 0 and rr_s > 0 then rr_r / rr_s end as risk_ratio,
    case when rr_r > 0 and rr_s > 0 and rr_v > 0 then rr_r / rr_s * exp(-{{ z975() }} * sqrt(rr_v / (rr_r * rr_s))) end as risk_ratio_low,
    case when rr_r > 0 and rr_s > 0 and rr_v > 0 then rr_r / rr_s * exp({{ z975() }} * sqrt(rr_v / (rr_r * rr_s))) end as risk_ratio_high,
    case when rr_r > 0 and rr_s > 0 and rr_v > 0 then sqrt(rr_v / (rr_r * rr_s)) end as log_error,
    rdw / w as risk_difference,
    {{ safe_sqrt('(rdw / w * p_sato + q_sato) / (w * w)') }} as risk_difference_error,
    {{ safe_sqrt('rd_v / (w * w)') }} as risk_difference_error_large_strata,
    strata_used, units_treated, units_control, events_treated, events_control, overlap_share
from (
    select
        {{ by | join(', ') }},
        sum(case when used then a * n0 / (n1 + n0) end) as rr_r,
        sum(case when used then c * n1 / (n1 + n0) end) as rr_s,
        sum(case when used then (n1 * n0 * (a + c) - a * c * (n1 + n0)) / power(n1 + n0, 2) end) as rr_v,
        nullif(sum(case when used then n1 * n0 / (n1 + n0) end), 0) as w,
        sum(case when used then (a * n0 - c * n1) / (n1 + n0) end) as rdw,
        sum(case when used then power(n1 * n0 / (n1 + n0), 2) * (a * (n1 - a) / power(n1, 3) + c * (n0 - c) / power(n0, 3)) end) as rd_v,
        sum(case when used then (c * n1 * n1 - a * n0 * n0 + n1 * n0 * (n0 - n1) / 2) / power(n1 + n0, 2) end) as p_sato,
        sum(case when used then (a * (n0 - c) + c * (n1 - a)) / (2 * (n1 + n0)) end) as q_sato,
        sum(case when used then 1 else 0 end) as strata_used,
        sum(n1) as units_treated, sum(n0) as units_control, sum(a) as events_treated, sum(c) as events_control,
        sum(case when used then n1 + n0 else 0 end) / nullif(sum(n1 + n0), 0) as overlap_share
    from (
        select
            {{ by | join(', ') }}, stratum, a, n1, c, n0, n1 > 0 and n0 > 0 as used
        from (
            select
                {{ by | join(', ') }}, stratum,
                {{ to_double('sum(case when is_treated = 1 then events else 0 end)') }} as a,
                {{ to_double('sum(case when is_treated = 1 then exposure else 0 end)') }} as n1,
                {{ to_double('sum(case when is_treated = 0 then events else 0 end)') }} as c,
                {{ to_double('sum(case when is_treated = 0 then exposure else 0 end)') }} as n0
            from {{ cells }} as given
            group by {{ by | join(', ') }}, stratum
        ) as sums
    ) as strata
    group by {{ by | join(', ') }}
) as totals
{%- endmacro %}

{# The same rate ratio with the error of a delete-one-bucket jackknife: `cells` also has `bucket`, a hash of the cluster (an account, an owner).
   Use it when one cluster can have several events. Degrees of freedom: buckets - 1. #}
{% macro mantel_haenszel_jackknife(cells, by) -%}
with stratum_bucket as (
    select
        {{ by | join(', ') }}, stratum, bucket,
        {{ to_double('sum(case when is_treated = 1 then events else 0 end)') }} as a,
        {{ to_double('sum(case when is_treated = 1 then exposure else 0 end)') }} as t1,
        {{ to_double('sum(case when is_treated = 0 then events else 0 end)') }} as c,
        {{ to_double('sum(case when is_treated = 0 then exposure else 0 end)') }} as t0
    from {{ cells }} as given
    group by {{ by | join(', ') }}, stratum, bucket
),

stratum_total as (
    select {{ by | join(', ') }}, stratum, sum(a) as a, sum(t1) as t1, sum(c) as c, sum(t0) as t0
    from stratum_bucket
    group by {{ by | join(', ') }}, stratum
),

left_out as (
    select {{ by | join(', ') }}, stratum, 'none' as bucket, a, t1, c, t0 from stratum_total
    union all
    select
        {% for column in by %}every_stratum.{{ column }}, {% endfor %}every_stratum.stratum, every_bucket.bucket,
        every_stratum.a - coalesce(own.a, 0) as a, every_stratum.t1 - coalesce(own.t1, 0) as t1,
        every_stratum.c - coalesce(own.c, 0) as c, every_stratum.t0 - coalesce(own.t0, 0) as t0
    from stratum_total as every_stratum
    inner join (select distinct {{ by | join(', ') }}, bucket from stratum_bucket) as every_bucket
        on {% for column in by %}every_stratum.{{ column }} = every_bucket.{{ column }}{% if not loop.last %} and {% endif %}{% endfor %}
    left join stratum_bucket as own
        on {% for column in by %}every_stratum.{{ column }} = own.{{ column }} and {% endfor %}every_stratum.stratum = own.stratum and every_bucket.bucket = own.bucket
),

ratios as (
    select
        {{ by | join(', ') }}, bucket,
        {{ safe_ln('sum(case when t1 > 1e-9 and t0 > 1e-9 then a * t0 / (t1 + t0) end)') }}
        - {{ safe_ln('sum(case when t1 > 1e-9 and t0 > 1e-9 then c * t1 / (t1 + t0) end)') }} as log_ratio
    from left_out
    group by {{ by | join(', ') }}, bucket
),

spread as (
    select
        {{ by | join(', ') }},
        max(case when bucket = 'none' then log_ratio end) as log_ratio,
        {{ to_double("count(case when bucket <> 'none' then log_ratio end)") }} as buckets,
        var_pop(case when bucket <> 'none' then log_ratio end) as spread_of_left_out
    from ratios
    group by {{ by | join(', ') }}
)

select
    {{ by | join(', ') }}, buckets,
    {{ safe_exp('log_ratio') }} as estimate,
    sqrt((buckets - 1) * spread_of_left_out) as log_error,
    {{ safe_exp('log_ratio - ' ~ t975('(buckets - 1)') ~ ' * sqrt((buckets - 1) * spread_of_left_out)') }} as ci_low,
    {{ safe_exp('log_ratio + ' ~ t975('(buckets - 1)') ~ ' * sqrt((buckets - 1) * spread_of_left_out)') }} as ci_high
from spread
{%- endmacro %}
