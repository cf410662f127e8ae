{% set keys = ['company_id', 'program_code', 'month_start'] %}
{% set measures = ['uncredited_share', 'left_running_share', 'hour_bunching', 'deadline_burst_share', 'overlap_share', 'speed_run_share',
    'choice_difficulty_skew', 'choice_difficulty_z', 'gap_avoidance', 'avoidance_elsewhere'] %}

with reach as (
    {{ reach_flags(['lms.enrollments', 'drops.learning_sessions', 'drops.policies', 'drops.review_cycles', 'drops.skill_assessments', 'drops.course_skills',
        'drops.role_skill_levels']) }}
),

stated as (
    {{ stated_measures(ref('int_governance__integrity_measures'), keys, ['company_id', 'month_start'], "program_code = 'All programs'") }}
),

pivoted as (
    {{ pivoted_measures('stated', keys, measures) }}
),

{# Only whole months; a company of which nothing is known keeps one row that says so. #}
months as (
    select pivoted.company_id, pivoted.program_code, pivoted.month_start
    from pivoted
    inner join {{ ref('dim_company') }} as company on pivoted.company_id = company.company_id
    where {{ next_month_start('pivoted.month_start') }} <= {{ to_date('company.as_of_at') }}
    union
    select company_id, 'All programs', {{ add_months(month_start('as_of_at'), -1) }} from {{ ref('dim_company') }}
),

flagged as (
    select
        months.*, reach.reaches_lms_enrollments as lms, reach.reaches_drops_learning_sessions as sessions,
        reach.reaches_drops_learning_sessions and reach.reaches_drops_policies as hours,
        reach.reaches_drops_policies or reach.reaches_drops_review_cycles as ratings,
        reach.reaches_drops_skill_assessments and reach.reaches_drops_course_skills and reach.reaches_drops_role_skill_levels as skills,
        {{ add_days(next_month_start('months.month_start'), 60) }} <= {{ to_date('company.as_of_at') }} as sixty_days_passed
    from months
    inner join reach on months.company_id = reach.company_id
    inner join {{ ref('dim_company') }} as company on months.company_id = company.company_id
)

select
    flagged.company_id, {{ to_text('flagged.program_code') }} as program_code,
    {{ to_text('coalesce(programs.program_name, flagged.program_code)') }} as program_name,
    flagged.month_start,
    {{ measure_columns('uncredited_share', 'flagged.sessions') }},
    {{ measure_columns('left_running_share', 'flagged.sessions') }},
    {{ measure_columns('hour_bunching', 'flagged.hours') }},
    {{ measure_columns('deadline_burst_share', 'flagged.lms') }},
    {{ measure_columns('overlap_share', 'flagged.sessions') }},
    {{ measure_columns('speed_run_share', 'flagged.sessions') }},
    {{ measure_columns('choice_difficulty_skew', 'flagged.ratings') }},
    {{ measure_columns('choice_difficulty_z', 'flagged.ratings') }},
    {{ measure_columns('gap_avoidance', 'flagged.skills', 'flagged.sixty_days_passed') }},
    {{ measure_columns('avoidance_elsewhere', 'flagged.skills', 'flagged.sixty_days_passed') }},
    {{ rate_columns('response_time_effort', 'null', 'null', "'no_data_reaches_us'") }}
from flagged
left join pivoted on {{ same('flagged', 'pivoted', keys) }}
left join {{ ref('dim_programs') }} as programs on flagged.company_id = programs.company_id and flagged.program_code = programs.program_code
