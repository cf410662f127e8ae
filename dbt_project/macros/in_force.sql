{# Rows of HR that hold by the end of this night: HR systems also keep what was entered ahead, a promotion of next month or
   somebody who has not started yet. Half open, as all moments: what begins at the moment of the night is of the next one.
   `company` is stg_company__settings. #}
{% macro in_force(rows) -%}
not coalesce({{ to_timestamp(rows ~ '.valid_from') }} >= company.as_of_at, false)
    and not coalesce({{ rows }}.known_from >= company.as_of_at, false)
{%- endmacro %}
