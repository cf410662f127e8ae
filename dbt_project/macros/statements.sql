{# xAPI statements that stand, one row per id: a statement is void when another one with the verb `voided` names it. The store
   no longer shows it then, but a copy that reached us earlier is still here. Voiding statements themselves tell of no learning. #}
{% macro standing_statements(relation) -%}
select statements.*
    from (
        {{ newest_version(relation, keys=['id'], cursor='stored') }}
    ) as statements
    left join (
        select distinct _source, object_id as void_id
        from {{ relation }}
        where verb_id = '{{ voiding_verb() }}'
    ) as voidings on statements.id = voidings.void_id and {{ same_tenant('statements', 'voidings') }}
    where voidings.void_id is null and statements.verb_id <> '{{ voiding_verb() }}'
{%- endmacro %}

{% macro voiding_verb() %}http://adlnet.gov/expapi/verbs/voided{% endmacro %}

{# Minutes of an ISO 8601 duration such as PT1H20M or P1DT30S, missing where there is none. Months and years say no length. #}
{% macro minutes_of_duration(value) -%}
case when {{ value }} is not null then
        {{ duration_part(value, '([0-9.]+)W') }} * 10080 + {{ duration_part(value, '([0-9.]+)D') }} * 1440
        + {{ duration_part(value, 'T([0-9.]+)H') }} * 60 + {{ duration_part(value, 'T(?:[0-9.]+H)?([0-9.]+)M') }}
        + {{ duration_part(value, '([0-9.]+)S') }} / 60
    end
{%- endmacro %}

{% macro duration_part(value, pattern) %}coalesce({{ to_double(matched(value, pattern)) }}, 0){% endmacro %}
