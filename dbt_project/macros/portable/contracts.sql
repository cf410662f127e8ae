{# Contracts are written with DuckDB's names of types; these hooks of dbt give them the engine's own names. #}
{% macro engine_type(data_type) %}{{ return(adapter.dispatch('engine_type', 'learning_warehouse')(data_type)) }}{% endmacro %}
{% macro default__engine_type(data_type) %}{{ return(data_type) }}{% endmacro %}
{% macro postgres__engine_type(data_type) %}{{ return({'double': 'double precision', 'varchar': 'text'}.get(data_type, data_type)) }}{% endmacro %}
{% macro spark__engine_type(data_type) %}{{ return({'varchar': 'string', 'timestamp': 'timestamp_ntz'}.get(data_type, data_type)) }}{% endmacro %}

{% macro columns_with_engine_types(columns) -%}
    {%- set translated = {} -%}
    {%- for name, column in columns.items() -%}
        {%- set copied = {} -%}
        {%- do copied.update(column) -%}
        {%- do copied.update({'data_type': engine_type(column['data_type'])}) -%}
        {%- do translated.update({name: copied}) -%}
    {%- endfor -%}
    {{ return(translated) }}
{%- endmacro %}

{% macro postgres__get_empty_schema_sql(columns) %}{{ return(default__get_empty_schema_sql(columns_with_engine_types(columns))) }}{% endmacro %}
{% macro spark__get_empty_schema_sql(columns) %}{{ return(default__get_empty_schema_sql(columns_with_engine_types(columns))) }}{% endmacro %}

{% macro postgres__get_table_columns_and_constraints() -%}
    ({{ adapter.render_raw_columns_constraints(raw_columns=columns_with_engine_types(model['columns'])) | join(', ') }})
{%- endmacro %}

{# Seeds name their types the same way; dbt writes the types of a seed as they stand, so these hooks are ours too. #}
{% macro postgres__create_csv_table(model, agate_table) -%}
    {%- set types = {} -%}
    {%- for name, data_type in model['config'].get('column_types', {}).items() -%}{%- do types.update({name: engine_type(data_type)}) -%}{%- endfor -%}
    {{ return(default__create_csv_table({'config': {'column_types': types, 'quote_columns': model['config'].get('quote_columns')}}, agate_table)) }}
{%- endmacro %}

{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}{%- do columns.append(name ~ ' ' ~ engine_type(types.get(name, 'varchar'))) -%}{%- endfor -%}
    {%- set sql -%}create table {{ this }} ({{ columns | join(', ') }}) using parquet{%- endset -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set rows = [] -%}
    {%- for row in agate_table.rows -%}
        {%- set cells = [] -%}
        {%- for name in agate_table.column_names -%}
            {%- set value = row[name] -%}
            {%- set literal = 'null' if value is none else "'" ~ (value | string | replace('\\', '\\\\') | replace("'", "\\'")) ~ "'" -%}
            {%- do cells.append('cast(' ~ literal ~ ' as ' ~ engine_type(types.get(name, 'varchar')) ~ ')') -%}
        {%- endfor -%}
        {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set sql -%}insert into {{ this }} values {{ rows | join(', ') }}{%- endset -%}
    {%- if rows -%}{%- do adapter.add_query(sql, abridge_sql_log=True) -%}{%- endif -%}
    {{ return(sql) }}
{%- endmacro %}

{# PostgreSQL plans badly over a table it has never looked at, and a table made a second ago is one. #}
{% macro learn_statistics() %}{% if target.type == 'postgres' %}analyze {{ this }}{% endif %}{% endmacro %}
