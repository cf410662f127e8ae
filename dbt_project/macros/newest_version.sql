{# Every admitted copy of a record is in the source; this keeps one row per key: the newest by the vendor's own clock, and of
   equals the one that reached us last. A late older copy therefore never wins. #}
{% macro newest_version(relation, keys, cursor) -%}
select *
    from (
        select
            *,
            row_number() over (
                partition by {{ keys | join(', ') }}
                order by {{ cursor }} desc nulls last, _seq desc, _index desc
            ) as version_rank
        from {{ relation }}
    ) as versions
    where version_rank = 1
{%- endmacro %}

{# A snapshot stream sends everything each time: the newest load is the whole truth, and what is absent from it is gone. #}
{% macro newest_snapshot(relation, keys) -%}
select *
    from (
        select
            *,
            row_number() over (partition by {{ keys | join(', ') }} order by _index desc) as version_rank
        from {{ relation }}
        where _seq = (select max(_seq) from {{ relation }})
    ) as versions
    where version_rank = 1
{%- endmacro %}
