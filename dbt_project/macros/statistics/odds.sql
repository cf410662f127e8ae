{# Mantel-Haenszel odds ratio with the error of Robins, Breslow and Greenland: valid for many thin strata. Not collapsible, so secondary to the
   risk difference. `cells` as in mantel_haenszel.sql (exposure = units); one row per `by`. #}
{% macro mantel_haenszel_odds_ratio(cells, by) -%}
select
    {{ by | join(', ') }},
    case when r > 0 and s > 0 then r / s end as estimate,
    case when r > 0 and s > 0 then sqrt(pr / (2 * r * r) + (ps + qr) / (2 * r * s) + qs / (2 * s * s)) end as log_error,
    case when r > 0 and s > 0 then r / s * exp(-{{ z975() }} * sqrt(pr / (2 * r * r) + (ps + qr) / (2 * r * s) + qs / (2 * s * s))) end as ci_low,
    case when r > 0 and s > 0 then r / s * exp({{ z975() }} * sqrt(pr / (2 * r * r) + (ps + qr) / (2 * r * s) + qs / (2 * s * s))) end as ci_high,
    case when a1 > 0 and b1 > 0 and c1 > 0 and d1 > 0 then a1 * d1 / (b1 * c1) end as crude
from (
    select
        {{ by | join(', ') }},
        sum(a * d / n) as r, sum(b * c / n) as s,
        sum((a + d) / n * a * d / n) as pr, sum((a + d) / n * b * c / n) as ps,
        sum((b + c) / n * a * d / n) as qr, sum((b + c) / n * b * c / n) as qs,
        sum(a) as a1, sum(b) as b1, sum(c) as c1, sum(d) as d1
    from (
        select {{ by | join(', ') }}, stratum, a, n1 - a as b, c, n0 - c as d, n1 + n0 as n
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
        where n1 > 0 and n0 > 0
    ) as fourfold
    group by {{ by | join(', ') }}
) as totals
{%- endmacro %}
