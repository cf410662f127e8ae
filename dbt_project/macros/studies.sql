{# The columns of one row of suff_estimates, in order and typed; what a study does not say is missing. `given` maps column -> SQL.
   theta is a logarithm where scale is 'ratio', a plain difference where it is 'difference'; df is missing where the normal
   distribution is meant. #}
{% macro study_row(given) -%}
{%- set columns = [
    ('company_id', 'text'), ('study_id', 'text'), ('variant', 'text'), ('outcome', 'text'), ('horizon_days', 'count'), ('method', 'text'),
    ('is_headline', 'flag'), ('scale', 'text'), ('theta', 'double'), ('error', 'double'), ('df', 'double'),
    ('naive_estimate', 'double'), ('naive_ci_low', 'double'), ('naive_ci_high', 'double'),
    ('n_treated', 'count'), ('n_control', 'count'), ('n_units', 'count'), ('n_events', 'count'), ('n_dropped', 'count'),
    ('overlap_share', 'double'), ('imbalance', 'double'), ('missing_gap', 'double'),
    ('negative_control_estimate', 'double'), ('negative_control_low', 'double'), ('negative_control_high', 'double'),
    ('failed_checks', 'text'), ('untested_checks', 'text'), ('is_randomized', 'flag'), ('best_tier', 'text'),
    ('due_date', 'date'), ('outcomes_from', 'date'), ('state', 'text'), ('withheld_reason', 'text'),
] -%}
{%- for name, kind in columns -%}
{%- set value = given.get(name, 'null') -%}
{%- if kind == 'text' -%}{{ to_text(value) }}
{%- elif kind == 'count' -%}{{ to_count(value) }}
{%- elif kind == 'double' -%}{{ to_double(value) }}
{%- elif kind == 'date' -%}{{ to_date(value) }}
{%- else -%}{{ to_flag(value) }}
{%- endif %} as {{ name }}{% if not loop.last %},
    {% endif -%}
{%- endfor -%}
{%- endmacro %}


{# Units a year gained at one end of an estimate by everybody trained, as Finance can value them; nothing where the estimate may not be used. Events
   are those of each trained unit in the days of the horizon, and of both arms in a pilot: they are brought to the treated arm and to 365 days, as if
   the effect lasted the year. What leaving comes to is a yearly risk already. #}
{% macro units_gained(difference, ratio_end, per_100) -%}
case
    when state <> 'reads' or tier in ('withheld', 'unreliable') or not is_own_effect then null
    when outcome = 'churn' then {{ per_100 }} / 100.0 * n_treated
    when outcome = 'how_to_tickets' then {{ ratio('365 * n_events', 'horizon_days') }} * (1 / nullif({{ ratio_end }}, 0) - 1)
    when outcome = 'resolution_hours_saved' then {{ ratio('365 * n_events', 'horizon_days') }} * {{ difference }}
    else {{ ratio('365 * n_events', 'horizon_days') }} * {{ ratio('n_treated', 'n_treated + n_control') }} * {{ difference }}
end
{%- endmacro %}
