{% set keys = ['company_id', 'program_code', 'horizon_days', 'department'] %}
{% set rates = [
    {'name': 'application_rate', 'n': 'used', 'denominator': 'people', 'people': 'people', 'interval': true, 'reaches': 'reaches_evidence', 'due': 'is_due'},
    {'name': 'self_report_rate', 'n': 'said', 'denominator': 'people', 'people': 'people', 'interval': true, 'reaches': 'reaches_evidence', 'due': 'is_due'},
    {'name': 'persistence', 'n': 'persisted', 'denominator': 'people_persisting_or_one', 'people': 'people_persisting', 'interval': true,
        'reaches': 'reaches_evidence', 'due': 'has_second_month'},
    {'name': 'scrap_rate', 'value': 'scrap', 'n': 'answering', 'denominator': 'people_answering_or_one', 'people': 'people_answering',
        'reaches': 'reaches_answers', 'due': 'is_due'},
] %}
{# Use in the first 30 days stands at every horizon, and so does an answer once given: subtracted, two horizons leave the people who differ. #}
{% set shorter, total = [30, 60, 90], "department = 'All departments'" %}
{% set moving = [('people_persisting', 'used_first', 'moved'), ('people_answering', 'answering', 'answers_moved')] %}

with units as (
    {% for days in [30, 60, 90, 180] %}
    {% for unit in ["'All departments'", 'uses.department'] %}
    select
        uses.company_id, uses.program_code, {{ days }} as horizon_days, {{ unit }} as department, uses.person_key,
        uses.is_due_{{ days }} as is_due, uses.used_{{ days }} as used, uses.said_{{ days }} as said,
        uses.used_30 as used_first, uses.used_30 * uses.again_{{ days }} as persisted,
        {% for earlier in shorter -%}
        {{ one_if('uses.is_due_' ~ earlier ~ ' <> uses.is_due_' ~ days) if earlier < days else 0 }} as moved_{{ earlier }},
        {{ one_if(
            'coalesce(case when uses.is_due_' ~ earlier ~ ' = 1 then answers.scrap_' ~ earlier ~ ' end, -1) <> '
            ~ 'coalesce(case when uses.is_due_' ~ days ~ ' = 1 then answers.scrap_' ~ days ~ ' end, -1)'
        ) if earlier < days else 0 }} as answers_moved_{{ earlier }},
        {% endfor -%}
        answers.scrap_{{ days }} as scrap
    from {{ ref('int_application__program_uses') }} as uses
    left join {{ ref('int_application__scrap_answers') }} as answers
        on uses.company_id = answers.company_id and uses.program_code = answers.program_code and uses.person_key = answers.person_key
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

measured as (
    select
        company_id, program_code, horizon_days, department, count(case when is_due = 1 then person_key end) as people,
        sum(is_due * used) as used, sum(is_due * said) as said, sum(is_due * used_first) as used_first, sum(is_due * persisted) as persisted,
        {% for earlier in shorter -%}
        sum(moved_{{ earlier }}) as moved_{{ earlier }}, sum(answers_moved_{{ earlier }}) as answers_moved_{{ earlier }},
        {% endfor -%}
        count(case when is_due = 1 then scrap end) as answering, avg(case when is_due = 1 then scrap end) as scrap
    from units
    group by company_id, program_code, horizon_days, department
),

flags as (
    {{ reach_flags(['drops.application_evidence', 'drops.survey_responses']) }}
),

{# a company without any completion still gets one row that says why it is empty #}
framed as (
    select
        company.company_id, coalesce(measured.program_code, 'All programs') as program_code, coalesce(measured.horizon_days, 90) as horizon_days,
        coalesce(measured.department, 'All departments') as department,
        {% for column in ['people', 'used', 'said', 'used_first', 'persisted', 'answering'] -%}
        coalesce(measured.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        {% for earlier in shorter -%}
        coalesce(measured.moved_{{ earlier }}, 0) as moved_{{ earlier }}, coalesce(measured.answers_moved_{{ earlier }}, 0) as answers_moved_{{ earlier }},
        {% endfor -%}
        measured.scrap, measured.program_code is null or measured.people > 0 as is_due,
        measured.program_code is null or (measured.people > 0 and measured.horizon_days > 30) as has_second_month,
        coalesce(flags.reaches_drops_application_evidence, false) as reaches_evidence,
        coalesce(flags.reaches_drops_survey_responses, false) as reaches_answers
    from {{ ref('dim_company') }} as company
    left join measured on company.company_id = measured.company_id
    left join flags on company.company_id = flags.company_id
),

parted as (
    {{ with_differences_judged('framed', ['company_id', 'program_code', 'horizon_days'], total, shorter, moving) }}
),

stated as (
    {{ with_rate_states('parted', keys, ['company_id', 'program_code', 'horizon_days'], total, rates) }}
)

select
    stated.company_id, {{ to_text('stated.program_code') }} as program_code, {{ to_text('programs.program_name') }} as program_name,
    {{ to_text('programs.modality') }} as modality, {{ to_count('stated.horizon_days') }} as horizon_days, {{ to_text('stated.department') }} as department,
    {{ published_rates(rates) }}
from stated
left join {{ ref('dim_programs') }} as programs
    on stated.company_id = programs.company_id and stated.program_code = programs.program_code
