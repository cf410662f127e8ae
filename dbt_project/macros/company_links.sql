{# Which object of HubSpot belongs to which company, all links of the newest load; the label with the number `primary_type` marks the
   main company of several. `id_name` is what the other object's id is called. #}
{% macro company_links(relation, id_name, primary_type) -%}
with source as (
    {{ newest_snapshot(relation, keys=['from_object_id', 'to_object_id']) }}
),

labels as (
    select
        source._source,
        source.from_object_id,
        source.to_object_id,
        {{ json_text('label.value', ['typeId']) }} as type_id
    from source
    {{ json_objects('source.association_types', 'label') }}
),

renamed as (
    select
        {{ to_key('source.from_object_id') }} as {{ id_name }},
        {{ to_key('source.to_object_id') }} as account_id,

        coalesce(max({{ one_if("labels.type_id = '" ~ primary_type ~ "'") }}), 0) = 1 as is_primary
    from source
    left join labels
        on source.from_object_id = labels.from_object_id and source.to_object_id = labels.to_object_id
        and {{ same_tenant('source', 'labels') }}
    group by source._source, source.from_object_id, source.to_object_id
)

select * from renamed
{%- endmacro %}

{# The company that an object of HubSpot belongs to, one row per object with links: the main one, else the only one. #}
{% macro linked_companies(links, id_name) -%}
select
    {{ id_name }},
    coalesce(min(case when is_primary then account_id end), case when count(*) = 1 then min(account_id) end) as account_id
from {{ links }}
group by {{ id_name }}
{%- endmacro %}

{# The rows of `relation` with the company that each belongs to, in account_id; ids in `id_name` there and `link_id` in the links. #}
{% macro with_company(relation, id_name, links, link_id) -%}
select things.*, linked.account_id
from {{ relation }} as things
left join (
    {{ linked_companies(links, link_id) }}
) as linked on things.{{ id_name }} = linked.{{ link_id }}
{%- endmacro %}
