{% set keys = ['company_id', 'factor', 'factor_value'] %}
{% set choices = {
    'framing': ['none', 'performance', 'career'], 'assigned_by': ['lms', 'manager', 'peer', 'self'], 'source': ['assigned', 'self', 'mandatory'],
} %}
{% set rates = [
    {'name': 'completion_rate', 'n': 'completed', 'denominator': 'assigned', 'people': 'people', 'interval': true, 'reaches': 'reaches_factor'},
    {'name': 'application_rate', 'n': 'used', 'denominator': 'use_due', 'people': 'people_use_due', 'interval': true, 'reaches': 'reaches_use'},
    {'name': 'persistence', 'n': 'persisted', 'denominator': 'used_first', 'people': 'people_used_first', 'interval': true, 'reaches': 'reaches_use'},
    {'name': 'reinforcement_response', 'n': 'acted', 'denominator': 'reminded', 'people': 'people_reminded', 'reaches': 'reaches_framings'},
] %}
{% set compared = ['completion_rate', 'application_rate', 'persistence'] %}

with measured as (
    select
        company_id, factor, value as factor_value, count(distinct person_key) as people, count(*) as assigned, sum(is_completed) as completed,
        count(distinct case when is_use_due = 1 then person_key end) as people_use_due, sum(is_use_due) as use_due, sum(is_use_due * used_90) as used,
        count(distinct case when is_use_due * used_30 = 1 then person_key end) as people_used_first, sum(is_use_due * used_30) as used_first,
        sum(is_use_due * persisted) as persisted, count(distinct case when reinforcements_sent > 0 then person_key end) as people_reminded,
        sum(reinforcements_sent) as reminded,
        sum(case when reinforcements_acted > reinforcements_sent then reinforcements_sent else reinforcements_acted end) as acted
    from {{ ref('int_application__assignments') }}
    group by company_id, factor, value
),

choices as (
    {% for factor, values in choices.items() %}
    {% set is_last_factor = loop.last %}
    {% for value in values %}
    select '{{ factor }}' as factor, '{{ value }}' as factor_value, '{{ values[0] }}' as compared_with
    {% if not (is_last_factor and loop.last) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
),

flags as (
    {{ reach_flags(['drops.assignment_framings', 'drops.application_evidence', 'lms.enrollments']) }}
),

framed as (
    select
        company.company_id, choices.factor, choices.factor_value, choices.compared_with,
        {% for column in ['people', 'assigned', 'completed', 'people_use_due', 'use_due', 'used', 'people_used_first', 'used_first', 'persisted',
            'people_reminded', 'reminded', 'acted'] -%}
        coalesce(measured.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        flags.reaches_drops_assignment_framings as reaches_framings,
        case choices.factor when 'source' then flags.reaches_lms_enrollments else flags.reaches_drops_assignment_framings end as reaches_factor,
        flags.reaches_drops_application_evidence
        and case choices.factor when 'source' then flags.reaches_lms_enrollments else flags.reaches_drops_assignment_framings end as reaches_use
    from {{ ref('dim_company') }} as company
    cross join choices
    inner join flags on company.company_id = flags.company_id
    left join measured
        on company.company_id = measured.company_id and choices.factor = measured.factor and choices.factor_value = measured.factor_value
),

stated as (
    {{ with_rate_states('framed', keys, ['company_id', 'factor'], 'false', rates) }}
),

published as (
    select
        company_id, factor, factor_value, compared_with,
        {{ published_rates(rates) }}
    from stated
)

select
    own.company_id, {{ to_text('own.factor') }} as factor, {{ to_text('own.factor_value') }} as factor_value,
    {{ to_text("case when own.factor_value <> own.compared_with then own.compared_with end") }} as compared_with,
    {% for rate in rates -%}
    {% for ending in ['', '_n', '_denominator', '_state'] + (['_low', '_high'] if rate.interval else []) -%}
    own.{{ rate.name }}{{ ending }},
    {% endfor -%}
    {% endfor -%}
    {# Newcombe: the interval of a difference from the two Wilson intervals #}
    {% for name in compared -%}
    own.{{ name }} - base.{{ name }} as {{ name }}_difference,
    own.{{ name }} - base.{{ name }}
    - sqrt(power(own.{{ name }} - own.{{ name }}_low, 2) + power(base.{{ name }}_high - base.{{ name }}, 2)) as {{ name }}_difference_low,
    own.{{ name }} - base.{{ name }}
    + sqrt(power(own.{{ name }}_high - own.{{ name }}, 2) + power(base.{{ name }} - base.{{ name }}_low, 2)) as {{ name }}_difference_high,
    {% endfor -%}
    {{ to_text("case when own.completion_rate - base.completion_rate is null then 'withheld' else 'associated' end") }} as tier
from published as own
left join published as base
    on own.company_id = base.company_id and own.factor = base.factor and own.compared_with = base.factor_value and own.factor_value <> base.factor_value
