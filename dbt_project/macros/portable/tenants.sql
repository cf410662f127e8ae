{# Several tenants of one vendor: rows of zendesk@emea say so in `_source`, those of the main tenant and of unit tests do not. #}

{# The id of a record as a text that is unique over the tenants of its vendor: emea:7, and plain 7 of the main tenant. Missing stays
   missing. `source` is the column `_source` that stands beside the id; it is left out where the id is a plain column. #}
{% macro to_key(id, source=none) -%}
(case when {{ source or beside(id) }} like '%@%' then {{ replaced(source or beside(id), '^.*@', '') }} || ':' else '' end || {{ to_text(id) }})
{%- endmacro %}

{# The same for an id that may come as an empty text: that is no id. #}
{% macro to_filled_key(id, source=none) -%}
{{ to_key(to_filled(id), source or beside(id)) }}
{%- endmacro %}

{# `tickets._source` for the column tickets.id, `_source` for id. #}
{% macro beside(column) %}{{ column.rpartition('.')[0] ~ '.' if '.' in column else '' }}_source{% endmacro %}

{# `zendesk` for the sources zendesk and zendesk@emea. #}
{% macro vendor_of(source) %}{{ replaced(source, '@.*$', '') }}{% endmacro %}

{# Joins within one vendor: the rows of both sides are of the same tenant. #}
{% macro same_tenant(one, other) %}{{ one }}._source is not distinct from {{ other }}._source{% endmacro %}
