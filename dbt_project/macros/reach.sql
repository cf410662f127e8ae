{# One row per company and one flag per stream: did any record of it ever get in? The flag of 'drops.practice_tasks' is called
   reaches_drops_practice_tasks. A company that never heard of a stream has the flag false, so every company has its row. #}
{% macro reach_flags(streams) -%}
select
    {%- for stream in streams %}
    coalesce(max({{ one_if("streams.stream = '" ~ stream ~ "' and streams.reaches_us") }}), 0) = 1 as reaches_{{ stream | replace('.', '_') }},
    {%- endfor %}
    companies.company_id
from {{ ref('dim_company') }} as companies
left join {{ ref('dim_streams') }} as streams on companies.company_id = streams.company_id
group by companies.company_id
{%- endmacro %}
