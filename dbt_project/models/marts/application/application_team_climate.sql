{% set keys = ['company_id', 'month_start', 'department'] %}
{% set shares = {
    'retro_learned': ('retro_learned_share', 'retro_answers'), 'retro_change': ('retro_change_share', 'retro_answers'),
    'moment': ('moment_uptake', 'moments'), 'recognition': ('application_recognition_share', 'recognitions'),
    'decision': ('decisions_used_learning', 'decisions'), 'reversed_with': ('reversed_when_used', 'decisions'),
    'reversed_without': ('reversed_when_not_used', 'decisions'),
} %}
{% set rates = [
    {'name': 'ritual_week_share', 'n': 'ritual_weeks', 'denominator': 'team_weeks', 'people': 'team_people', 'reaches': 'reaches_rituals'},
    {'name': 'safe_to_ask', 'value': 'climate_mean', 'n': 'climate_n', 'denominator': 'climate_n', 'people': 'climate_people',
        'reaches': 'reaches_survey_responses'},
    {'name': 'manager_supports', 'value': 'support_mean', 'n': 'support_n', 'denominator': 'support_n', 'people': 'support_people',
        'reaches': 'reaches_survey_responses'},
    {'name': 'moments_per_person_week', 'value': 'moments_per_week', 'n': 'moment_n', 'denominator': 'moment_n', 'people': 'moment_people',
        'reaches': 'reaches_moments'},
] %}
{% for measure, (name, stream) in shares.items() %}
{% do rates.append({'name': name, 'n': measure ~ '_hits', 'denominator': measure ~ '_n', 'people': measure ~ '_people', 'reaches': 'reaches_' ~ stream}) %}
{% endfor %}

with measured as (
    {% for unit in ["'All departments'", 'department'] %}
    select
        company_id, month_start, {{ unit }} as department,
        {% for measure in shares -%}
        {% set own = "measure = '" ~ measure ~ "'" -%}
        count(case when {{ own }} then value end) as {{ measure }}_n, sum(case when {{ own }} then value else 0 end) as {{ measure }}_hits,
        count(distinct case when {{ own }} then person_key end) as {{ measure }}_people,
        {% endfor -%}
        {% for item in ['climate', 'support'] -%}
        {% set own = "measure = '" ~ item ~ "'" -%}
        count(case when {{ own }} then value end) as {{ item }}_n, avg(case when {{ own }} then value end) as {{ item }}_mean,
        count(distinct case when {{ own }} then person_key end) as {{ item }}_people{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_application__team_signals') }}
    group by company_id, month_start{% if unit == 'department' %}, department{% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

teams as (
    {% call by_department(ref('int_application__ritual_weeks')) %}
        count(*) as team_weeks, sum(has_ritual) as ritual_weeks, count(distinct person_key) as team_people
    {% endcall %}
),

{% set streams = ['rituals', 'retro_answers', 'moments', 'recognitions', 'survey_responses', 'decisions'] %}
flags as (
    {{ reach_flags(['drops.rituals', 'drops.retro_answers', 'drops.moments', 'drops.recognitions', 'drops.survey_responses', 'drops.decisions']) }}
),

framed as (
    select
        frame.company_id, frame.month_start, frame.department,
        {% for measure in shares -%}
        coalesce(measured.{{ measure }}_n, 0) as {{ measure }}_n, coalesce(measured.{{ measure }}_hits, 0) as {{ measure }}_hits,
        coalesce(measured.{{ measure }}_people, 0) as {{ measure }}_people,
        {% endfor -%}
        {% for item in ['climate', 'support'] -%}
        coalesce(measured.{{ item }}_n, 0) as {{ item }}_n, coalesce(measured.{{ item }}_people, 0) as {{ item }}_people, measured.{{ item }}_mean,
        {% endfor -%}
        {{ ratio('measured.moment_n', 'frame.person_weeks') }} as moments_per_week,
        coalesce(teams.team_weeks, 0) as team_weeks, coalesce(teams.ritual_weeks, 0) as ritual_weeks, coalesce(teams.team_people, 0) as team_people,
    {% for stream in streams -%}
    coalesce(flags.reaches_drops_{{ stream }}{% if stream == 'rituals' %} and first_records.rituals_from < frame.month_end{% endif %}, false)
        as reaches_{{ stream }}{% if not loop.last %},{% endif %}
    {% endfor %}
    from {{ ref('int_application__department_months') }} as frame
    left join measured on {{ same('frame', 'measured', keys) }}
    left join teams on {{ same('frame', 'teams', keys) }}
    left join flags on frame.company_id = flags.company_id
    left join {{ ref('int_application__first_records') }} as first_records on frame.company_id = first_records.company_id
),

stated as (
    {{ with_rate_states('framed', keys, ['company_id', 'month_start'], "department = 'All departments'", rates) }}
)

select
    company_id, month_start, {{ to_text('department') }} as department,
    {{ published_rates(rates) }}
from stated
