{# Every admitted copy of a record is in the source; this keeps one row per key: the newest by the vendor's own clock, and of
   equals the one that reached us last. A late older copy therefore never wins. With swept=[vendor, stream] the column is_gone
   says that a sweep found the key missing at the vendor after the record had reached us for the last time. A third value names the
   column with the key of the other stream, for records that end with another one. Each tenant has keys and loads of its own. #}
{% macro newest_version(relation, keys, cursor, swept=none) -%}
{% if swept -%}
select newest.*, coalesce(noticed.is_gone and noticed.noticed_at > {{ to_timestamp('newest._loaded_at') }}, false) as is_gone
    from (
        {{ newest_version(relation, keys, cursor) }}
    ) as newest
    left join (
        {{ newest_deletions(source(swept[0], 'deletions'), swept[1]) }}
    ) as noticed on {{ to_key('newest.' ~ (swept[2] if swept | length > 2 else keys[0])) }} = noticed.record_key
{%- else -%}
select *
    from (
        select
            *,
            row_number() over (
                partition by _source, {{ keys | join(', ') }}
                order by {{ cursor }} desc nulls last, _seq desc, _index desc
            ) as version_rank
        from {{ relation }}
    ) as versions
    where version_rank = 1
{%- endif %}
{%- endmacro %}

{# What the last sweep that saw a key said of it: one row per key of a stream, or of all streams. #}
{% macro newest_deletions(relation, stream=none) -%}
select
        {{ to_text('stream') }} as stream_name,
        {{ to_key('record_key') }} as record_key,
        {{ to_flag('is_gone') }} as is_gone,
        {{ to_timestamp('_loaded_at') }} as noticed_at
    from (
        select
            *,
            row_number() over (
                partition by _source, stream, record_key order by _loaded_at desc, _seq desc, _index desc
            ) as version_rank
        from {{ relation }}
        {%- if stream %}
        where stream = '{{ stream }}'
        {%- endif %}
    ) as versions
    where version_rank = 1
{%- endmacro %}

{# A snapshot stream sends everything each time: the newest load of a tenant is the whole truth, and what is absent from it is
   gone. #}
{% macro newest_snapshot(relation, keys) -%}
select *
    from (
        select
            loaded.*,
            row_number() over (partition by loaded._source, loaded.{{ keys | join(', loaded.') }} order by loaded._index desc) as version_rank
        from {{ relation }} as loaded
        inner join (
            select _source, max(_seq) as newest_seq
            from {{ relation }}
            group by _source
        ) as loads on loaded._seq = loads.newest_seq and {{ same_tenant('loaded', 'loads') }}
    ) as versions
    where version_rank = 1
{%- endmacro %}
