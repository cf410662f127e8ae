{# Difference of means within strata, with the error of a delete-one-bucket jackknife. `cells` names a relation with the columns in `by` plus stratum,
   bucket (a hash of the cluster), is_treated (0 | 1), weight (time or units) and total (sum of weight x value). Strata weigh as in Mantel-Haenszel
   (overlap weights). One row per `by`; missing where no stratum has both sides. #}
{% macro stratified_mean_gap(cells, by) -%}
{%- set keys = by | join(', ') -%}
with stratum_bucket as (
    select
        {{ keys }}, stratum, bucket,
        {{ to_double('sum(case when is_treated = 1 then weight else 0 end)') }} as t1,
        {{ to_double('sum(case when is_treated = 1 then total else 0 end)') }} as s1,
        {{ to_double('sum(case when is_treated = 0 then weight else 0 end)') }} as t0,
        {{ to_double('sum(case when is_treated = 0 then total else 0 end)') }} as s0
    from {{ cells }}
    group by {{ keys }}, stratum, bucket
),

stratum_total as (
    select {{ keys }}, stratum, sum(t1) as t1, sum(s1) as s1, sum(t0) as t0, sum(s0) as s0
    from stratum_bucket
    group by {{ keys }}, stratum
),

left_out as (
    select {{ keys }}, stratum, 'none' as bucket, t1, s1, t0, s0 from stratum_total
    union all
    select
        {% for column in by %}every_stratum.{{ column }}, {% endfor %}every_stratum.stratum, every_bucket.bucket,
        every_stratum.t1 - coalesce(own.t1, 0) as t1, every_stratum.s1 - coalesce(own.s1, 0) as s1,
        every_stratum.t0 - coalesce(own.t0, 0) as t0, every_stratum.s0 - coalesce(own.s0, 0) as s0
    from stratum_total as every_stratum
    inner join (select distinct {{ keys }}, bucket from stratum_bucket) as every_bucket on {{ same('every_stratum', 'every_bucket', by) }}
    left join stratum_bucket as own
        on {{ same('every_stratum', 'own', by) }} and every_stratum.stratum = own.stratum and every_bucket.bucket = own.bucket
),

gaps as (
    select
        {{ keys }}, bucket,
        sum(case when t1 > 1e-9 and t0 > 1e-9 then t1 * t0 / (t1 + t0) * (s1 / t1 - s0 / t0) end)
        / nullif(sum(case when t1 > 1e-9 and t0 > 1e-9 then t1 * t0 / (t1 + t0) end), 0) as gap
    from left_out
    group by {{ keys }}, bucket
),

spread as (
    select
        {{ keys }}, max(case when bucket = 'none' then gap end) as estimate,
        {{ to_double("count(case when bucket <> 'none' then gap end)") }} as buckets,
        var_pop(case when bucket <> 'none' then gap end) as spread_of_left_out
    from gaps
    group by {{ keys }}
)

select
    {{ keys }}, buckets, estimate, sqrt((buckets - 1) * spread_of_left_out) as error,
    estimate - {{ t975('(buckets - 1)') }} * sqrt((buckets - 1) * spread_of_left_out) as ci_low,
    estimate + {{ t975('(buckets - 1)') }} * sqrt((buckets - 1) * spread_of_left_out) as ci_high
from spread
{%- endmacro %}
