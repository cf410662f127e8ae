{% set keys = ['company_id', 'program_code', 'cohort_quarter'] %}
{% set rates = [
    {'name': 'gain', 'value': 'gain', 'n': 'pairs', 'denominator': 'people', 'people': 'people', 'reaches': 'reaches_us',
        'low': mean_low('gain', 'gain_spread', 'people'), 'high': mean_high('gain', 'gain_spread', 'people')},
    {'name': 'normalized_gain', 'value': 'normalized_gain', 'n': 'normalized_pairs', 'denominator': 'people_normalized', 'people': 'people_normalized',
        'reaches': 'reaches_us'},
    {'name': 'retention_check', 'value': 'retention', 'n': 'retention_pairs', 'denominator': 'people_retention', 'people': 'people_retention',
        'reaches': 'reaches_us'},
] %}

with pairs as (
    {% for quarter in ["'all'", to_text('extract(year from post_at)') ~ " || '-Q' || " ~ to_text('extract(quarter from post_at)')] %}
    select
        company_id, program_code, {{ quarter }} as cohort_quarter, person_key, post_share - pre_share as gain,
        case when pre_share < 1 then (post_share - pre_share) / (1 - pre_share) end as normalized_gain,
        case when post_share > 0 then later_share / post_share end as retention
    from {{ ref('int_application__score_pairs') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

people as (
    select
        company_id, program_code, cohort_quarter, person_key, count(*) as pairs, avg(gain) as gain,
        count(normalized_gain) as normalized_pairs, avg(normalized_gain) as normalized_gain, count(retention) as retention_pairs, avg(retention) as retention
    from pairs
    group by company_id, program_code, cohort_quarter, person_key
),

measured as (
    select
        company_id, program_code, cohort_quarter, count(*) as people, sum(pairs) as pairs, avg(gain) as gain, stddev_samp(gain) as gain_spread,
        count(normalized_gain) as people_normalized, sum(normalized_pairs) as normalized_pairs, avg(normalized_gain) as normalized_gain,
        count(retention) as people_retention, sum(retention_pairs) as retention_pairs, avg(retention) as retention
    from people
    group by company_id, program_code, cohort_quarter
),

flags as (
    {{ reach_flags(['drops.skill_assessments']) }}
),

{# a company without any pair of scores still gets one row that says why it is empty #}
framed as (
    select
        company.company_id, coalesce(measured.program_code, 'All programs') as program_code, coalesce(measured.cohort_quarter, 'all') as cohort_quarter,
        {% for column in ['people', 'pairs', 'people_normalized', 'normalized_pairs', 'people_retention', 'retention_pairs'] -%}
        coalesce(measured.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        measured.gain, measured.gain_spread, measured.normalized_gain, measured.retention,
        coalesce(flags.reaches_drops_skill_assessments, false) as reaches_us
    from {{ ref('dim_company') }} as company
    left join measured on company.company_id = measured.company_id
    left join flags on company.company_id = flags.company_id
),

stated as (
    {{ with_rate_states('framed', keys, ['company_id', 'program_code'], "cohort_quarter = 'all'", rates) }}
)

select
    company_id, {{ to_text('program_code') }} as program_code, {{ to_text('cohort_quarter') }} as cohort_quarter,
    {{ published_rates(rates) }}
from stated
