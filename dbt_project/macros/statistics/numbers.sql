{# Building blocks every estimator shares. All arithmetic is 64-bit; a logarithm or a root of an impossible number is missing, never inf or NaN. #}
{% macro z975() %}cast(1.959963984540054 as {{ type_double() }}){% endmacro %}

{% macro safe_ln(value) %}(case when {{ value }} > 0 then ln({{ to_double(value) }}) end){% endmacro %}
{% macro safe_sqrt(value) %}(case when {{ value }} >= 0 then sqrt({{ to_double(value) }}) end){% endmacro %}
{% macro safe_exp(value) %}(case when {{ value }} > 700 then exp({{ to_double(700) }}) when {{ value }} < -700 then 0 when {{ value }} is not null then exp({{ to_double(value) }}) end){% endmacro %}

{# 97.5 % point of Student's t: exact for 1, 2 and 4 degrees of freedom, Cornish-Fisher (A&S 26.7.5) from 5 on, and between 1 and 5 linear in 1/df
   (3 is exact too). Error below 3e-4 at 5, 1e-5 at 10. #}
{% macro t975(df) -%}
    (case
        when {{ df }} is null or {{ df }} < 1 then null
        when {{ df }} < 2 then 4.302652729749464 + (12.706204736174694 - 4.302652729749464) * (1.0 / {{ df }} - 0.5) / 0.5
        when {{ df }} < 3 then 3.182446305283708 + (4.302652729749464 - 3.182446305283708) * (1.0 / {{ df }} - 1.0 / 3) / (0.5 - 1.0 / 3)
        when {{ df }} < 4 then 2.776445105197793 + (3.182446305283708 - 2.776445105197793) * (1.0 / {{ df }} - 0.25) / (1.0 / 3 - 0.25)
        when {{ df }} < 5 then 2.570581835636316 + (2.776445105197793 - 2.570581835636316) * (1.0 / {{ df }} - 0.2) / (0.25 - 0.2)
        else {{ z975() }}
            + {{ to_double('2.372271230298562') }} / {{ to_double(df) }}
            + {{ to_double('2.8224986157396112') }} / power({{ to_double(df) }}, 2)
            + {{ to_double('2.555849679507722') }} / power({{ to_double(df) }}, 3)
            + {{ to_double('1.5895340533938225') }} / power({{ to_double(df) }}, 4)
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
