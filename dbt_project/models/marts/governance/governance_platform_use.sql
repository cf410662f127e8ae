{% set keys = ['company_id', 'month_start', 'department'] %}
{% set measures = ['lms_use_share', 'managers_contacted_share', 'barrier_time_share', 'barrier_relevance_share', 'barrier_tool_share', 'barrier_none_share'] %}

with reach as (
    {{ reach_flags(['lms.enrollments', 'drops.manager_contacts', 'drops.programs', 'drops.objectives']) }}
),

teams as (
    {% for unit in ["'All departments'", 'department'] %}
    select distinct company_id, month_start, month_end, {{ unit }} as department from {{ ref('int_activity__worker_months') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

stated as (
    {{ stated_measures(ref('int_governance__platform_measures'), keys, ['company_id', 'month_start'], "department = 'All departments'") }}
),

pivoted as (
    {{ pivoted_measures('stated', keys, measures) }}
),

{# Programs are not people and belong to the company: they are told on the row of all departments only. #}
programs as (
    select
        teams.company_id, teams.month_start, count(*) as launched,
        sum({{ one_if('objectives.objective_id is not null') }}) as aligned,
        sum({{ one_if('programs.sponsor_person_key is not null') }}) as sponsored
    from teams
    inner join {{ ref('dim_programs') }} as programs on teams.company_id = programs.company_id and programs.launch_date <= teams.month_end
    left join {{ ref('dim_objectives') }} as objectives
        on programs.company_id = objectives.company_id and programs.objective_id = objectives.objective_id and objectives.valid_from <= teams.month_end
    where teams.department = 'All departments'
    group by teams.company_id, teams.month_start
),

flagged as (
    select
        teams.*, coalesce(programs.launched, 0) as launched, coalesce(programs.aligned, 0) as aligned,
        coalesce(programs.sponsored, 0) as sponsored,
        reach.reaches_lms_enrollments as lms, reach.reaches_drops_manager_contacts as contacts,
        {{ rate_state('programs.launched', 'true', 'reach.reaches_drops_programs') }} as sponsored_state,
        {{ rate_state('programs.launched', 'true', '(reach.reaches_drops_programs and reach.reaches_drops_objectives)') }} as aligned_state
    from teams
    inner join reach on teams.company_id = reach.company_id
    left join programs
        on teams.company_id = programs.company_id and teams.month_start = programs.month_start and teams.department = 'All departments'
)

select
    flagged.company_id, flagged.month_start, {{ to_text('flagged.department') }} as department,
    {{ measure_columns('lms_use_share', 'flagged.lms') }},
    {{ measure_columns('managers_contacted_share', 'flagged.contacts') }},
    {{ measure_columns('barrier_time_share', 'flagged.contacts') }},
    {{ measure_columns('barrier_relevance_share', 'flagged.contacts') }},
    {{ measure_columns('barrier_tool_share', 'flagged.contacts') }},
    {{ measure_columns('barrier_none_share', 'flagged.contacts') }},
    {{ rate_columns('programs_aligned_share', 'aligned', 'launched', 'aligned_state') }},
    {{ rate_columns('programs_sponsored_share', 'sponsored', 'launched', 'sponsored_state') }}
from flagged
left join pivoted on {{ same('flagged', 'pivoted', keys) }}
