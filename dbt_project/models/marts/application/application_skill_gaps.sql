{% set keys = ['company_id', 'role_title', 'skill_code', 'quarter_start'] %}
{% set rates = [
    {'name': 'skill_coverage', 'n': 'assessed', 'denominator': 'required', 'people': 'people', 'reaches': 'reaches_us'},
    {'name': 'readiness', 'n': 'ready', 'denominator': 'required', 'people': 'people', 'reaches': 'reaches_us'},
    {'name': 'mean_gap', 'value': 'gap', 'n': 'assessed', 'denominator': 'assessed', 'people': 'people_assessed', 'reaches': 'reaches_us'},
    {'name': 'gap_closure', 'n': 'closed', 'denominator': 'open_at_start', 'people': 'people_open', 'interval': true, 'reaches': 'reaches_us'},
] %}

with levels as (
    {% for role, skill in [("'All roles'", "'All skills'"), ("'All roles'", 'skill_code'), ('role_title', 'skill_code')] %}
    select
        company_id, {{ role }} as role_title, {{ skill }} as skill_code, quarter_start, person_key, level_at_end,
        level_at_end >= required_level as is_ready, case when level_at_end < required_level then required_level - level_at_end else 0 end as gap,
        level_before < required_level as was_open, level_before < required_level and level_at_end >= required_level as is_closed
    from {{ ref('int_application__skill_levels') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

measured as (
    select
        company_id, role_title, skill_code, quarter_start, count(distinct person_key) as people, count(*) as required, count(level_at_end) as assessed,
        count(distinct case when level_at_end is not null then person_key end) as people_assessed, sum({{ one_if('is_ready') }}) as ready,
        avg(case when level_at_end is not null then gap end) as gap, sum({{ one_if('was_open') }}) as open_at_start,
        count(distinct case when was_open then person_key end) as people_open, sum({{ one_if('is_closed') }}) as closed
    from levels
    group by company_id, role_title, skill_code, quarter_start
),

newest as (
    select company_id, {{ quarter_start('month_start') }} as quarter_start from {{ ref('int_application__months') }} where is_newest
),

flags as (
    {{ reach_flags(['drops.role_skill_levels', 'drops.skill_assessments']) }}
),

{# a company without any required level still gets one row that says why it is empty #}
framed as (
    select
        newest.company_id, coalesce(measured.role_title, 'All roles') as role_title, coalesce(measured.skill_code, 'All skills') as skill_code,
        coalesce(measured.quarter_start, newest.quarter_start) as quarter_start,
        {% for column in ['people', 'required', 'assessed', 'people_assessed', 'ready', 'open_at_start', 'people_open', 'closed'] -%}
        coalesce(measured.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        measured.gap, coalesce(flags.reaches_drops_role_skill_levels and flags.reaches_drops_skill_assessments, false) as reaches_us
    from newest
    left join measured on newest.company_id = measured.company_id
    left join flags on newest.company_id = flags.company_id
),

stated as (
    {{ with_rate_states_in_a_tree('framed', keys, ('role_title', "role_title = 'All roles'"), ('skill_code', "skill_code = 'All skills'"), rates) }}
)

select
    company_id, {{ to_text('role_title') }} as role_title, {{ to_text('skill_code') }} as skill_code, quarter_start,
    {{ published_rates(rates) }}
from stated
