{# JSON is touched in staging and nowhere else. Paths are lists of keys: json_text('payload', ['course', 'id']). #}
{% macro json_text(column, path) %}{{ return(adapter.dispatch('json_text', 'learning_warehouse')(column, path)) }}{% endmacro %}
{% macro default__json_text(column, path) %}json_extract_string({{ column }}, '$.{{ path | join('.') }}'){% endmacro %}
{% macro postgres__json_text(column, path) %}(cast({{ column }} as jsonb) #>> '{ {{- path | join(',') -}} }'){% endmacro %}
{% macro spark__json_text(column, path) %}get_json_object({{ column }}, '$.{{ path | join('.') }}'){% endmacro %}

{# `from rows as r {{ json_texts('r.tags', 'tag') }}` gives one row per text of a JSON array in tag.value. #}
{% macro json_texts(column, alias) %}{{ return(adapter.dispatch('json_texts', 'learning_warehouse')(column, alias)) }}{% endmacro %}
{% macro default__json_texts(column, alias) %}cross join lateral (select unnest(cast({{ column }} as varchar[])) as value) as {{ alias }}{% endmacro %}
{% macro postgres__json_texts(column, alias) %}cross join lateral jsonb_array_elements_text(cast({{ column }} as jsonb)) as {{ alias }}(value){% endmacro %}
{% macro spark__json_texts(column, alias) %}lateral view explode(from_json({{ column }}, 'array<string>')) {{ alias }} as value{% endmacro %}

{# `from rows as r {{ json_objects('r.rows', 'item') }}` gives one row per object of a JSON array in item.value, still JSON, and its place from 1 in item.position. #}
{% macro json_objects(column, alias) %}{{ return(adapter.dispatch('json_objects', 'learning_warehouse')(column, alias)) }}{% endmacro %}
{% macro default__json_objects(column, alias) %}cross join lateral (select unnest(cast({{ column }} as json[])) as value, generate_subscripts(cast({{ column }} as json[]), 1) as position) as {{ alias }}{% endmacro %}
{% macro postgres__json_objects(column, alias) %}cross join lateral jsonb_array_elements(cast({{ column }} as jsonb)) with ordinality as {{ alias }}(value, position){% endmacro %}
{% macro spark__json_objects(column, alias) %}cross join lateral (select pos + 1 as position, col as value from posexplode(from_json({{ column }}, 'array<string>'))) as {{ alias }}{% endmacro %}
