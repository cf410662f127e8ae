{# Building blocks every estimator shares. All arithmetic is 64-bit; a logarithm or a root of an impossible number is missing, never inf or NaN. #}
{% macro z975() %}cast(1.959963984540054 as {{ type_double() }}){% endmacro %}

{% macro safe_ln(value) %}(case when {{ value }} > 0 then ln({{ to_double(value) }}) end){% endmacro %}
{% macro safe_sqrt(value) %}(case when {{ value }} >= 0 then sqrt({{ to_double(value) }}) end){% endmacro %}
{% macro safe_exp(value) %}(case when {{ value }} > 700 then exp({{ to_double(700) }}) when {{ value }} < -700 then 0 when {{ value }} is not null then exp({{ to_double(value) }}) end){% endmacro %}

{# Points of Student's t: exact for whole degrees of freedom below 5, Cornish-Fisher (A&S 26.7.5) from 5 on, and in between linear in 1/df.
   Error of the 97.5 % point below 3e-4 at 5, 1e-5 at 10; the others are closer. `exact` lists the points for 1 to 5 degrees of freedom. #}
{% macro t975(df) %}{{ student_point(df, 1.959963984540054, [12.706204736174694, 4.302652729749464, 3.182446305283708, 2.776445105197793, 2.570581835636316]) }}{% endmacro %}
{% macro t95(df) %}{{ student_point(df, 1.6448536269514722, [6.313751514675037, 2.9199855803537242, 2.3533634348018233, 2.1318467863266495, 2.0150483733330233]) }}{% endmacro %}
{% macro t80(df) %}{{ student_point(df, 0.8416212335729143, [1.3763819204711738, 1.0606601717798214, 0.9784723123633042, 0.9409645772351816, 0.9195437802408271]) }}{% endmacro %}
{% macro student_point(df, z, exact) -%}
    (case
        when {{ df }} is null or {{ df }} < 1 then null
        {%- for n in [1, 2, 3, 4] %}
        when {{ df }} < {{ n + 1 }} then {{ to_double(exact[n]) }} + {{ to_double(exact[n - 1] - exact[n]) }} * (1 / {{ to_double(df) }} - {{ to_double(1 / (n + 1)) }}) / {{ to_double(1 / n - 1 / (n + 1)) }}
        {%- endfor %}
        else {{ to_double(z) }}
            + {{ to_double((z ** 3 + z) / 4) }} / {{ to_double(df) }}
            + {{ to_double((5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96) }} / power({{ to_double(df) }}, 2)
            + {{ to_double((3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384) }} / power({{ to_double(df) }}, 3)
            + {{ to_double((79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160) }} / power({{ to_double(df) }}, 4)
    end)
{%- endmacro %}

{# Wilson's 95 % interval for a share of `n`: usable at 0 of n and n of n. #}
{% macro wilson_bound(hits, n, sign) -%}
    (case when {{ n }} > 0 then
        ({{ to_double(hits) }} + power({{ z975() }}, 2) / 2 {{ sign }} {{ z975() }} * sqrt(
            greatest({{ to_double(hits) }} * ({{ to_double(n) }} - {{ to_double(hits) }}) / {{ to_double(n) }}, 0) + power({{ z975() }}, 2) / 4
        )) / ({{ to_double(n) }} + power({{ z975() }}, 2))
    end)
{%- endmacro %}
{# The ends are exact at 0 of n and n of n, where the formula may miss the share itself by one bit. #}
{% macro wilson_low(hits, n) -%}
    (case when {{ n }} > 0 then case when {{ hits }} = 0 then 0 else {{ wilson_bound(hits, n, '-') }} end end)
{%- endmacro %}
{% macro wilson_high(hits, n) -%}
    (case when {{ n }} > 0 then case when {{ hits }} = {{ n }} then 1 else {{ wilson_bound(hits, n, '+') }} end end)
{%- endmacro %}

{# E-value of VanderWeele and Ding: how strong an unmeasured common cause would have to be to explain a rate ratio away. #}
{% macro e_value(ratio) -%}
    (case
        when {{ ratio }} is null or {{ ratio }} <= 0 then null
        when {{ ratio }} >= 1 then {{ ratio }} + sqrt({{ ratio }} * ({{ ratio }} - 1))
        else 1 / {{ ratio }} + sqrt(1 / {{ ratio }} * (1 / {{ ratio }} - 1))
    end)
{%- endmacro %}

{# The E-value of the interval's limit nearest to no effect; 1 when the interval holds no effect. #}
{% macro e_value_of_interval(low, high) -%}
    (case
        when {{ low }} is null or {{ high }} is null then null
        when {{ low }} > 1 then {{ e_value(low) }}
        when {{ high }} < 1 then {{ e_value(high) }}
        else 1
    end)
{%- endmacro %}

{# One of 32 groups by a hash of the cluster's id: the same on every engine, and the same tomorrow. #}
{% macro bucket_of(cluster_id) -%}
    (substring(md5({{ to_text(cluster_id) }}), 1, 1) || case when substring(md5({{ to_text(cluster_id) }}), 2, 1) < '8' then 'a' else 'b' end)
{%- endmacro %}
