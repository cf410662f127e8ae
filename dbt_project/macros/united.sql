{# The same columns of several vendors' tables, one under the other, with the vendor in `source`.
   `relations` is a mapping of vendor -> relation; every relation has every column, missing where its vendor cannot tell it. #}
{% macro united(relations, columns) -%}
{% for vendor, relation in relations.items() -%}
select '{{ vendor }}' as source, {{ columns | join(', ') }}
from {{ relation }}
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
{%- endmacro %}
