with reach as (
    {{ reach_flags(['lms.enrollments', 'drops.survey_responses']) }}
),

facts as (
    select facts.*
    from {{ ref('int_activity__content_facts') }} as facts
    inner join {{ ref('dim_company') }} as company on facts.company_id = company.company_id
    left join {{ ref('dim_people') }} as people on facts.company_id = people.company_id and facts.person = people.person_key
    where {{ add_months('facts.quarter_start', 3) }} <= {{ to_date('company.as_of_at') }} and not coalesce(people.is_test, false)
),

measured as (
    select
        company_id, course_id, quarter_start, measure, count(distinct person) as people, count(*) as denominator,
        {{ median('amount') }} as median_amount,
        avg(amount) as mean_amount, sum(amount) as total
    from facts
    group by company_id, course_id, quarter_start, measure
),

wide as (
    select
        company_id, course_id, quarter_start,
        {% for measure in ['actual_minutes', 'first_try_pass_rate', 'reaction'] -%}
        coalesce(max(case when measure = '{{ measure }}' then people end), 0) as people_{{ measure }},
        coalesce(max(case when measure = '{{ measure }}' then denominator end), 0) as facts_{{ measure }},
        max(case when measure = '{{ measure }}' then {{ 'median_amount' if measure == 'actual_minutes' else 'mean_amount' }} end) as {{ measure }},
        max(case when measure = '{{ measure }}' then total end) as total_{{ measure }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from measured
    group by company_id, course_id, quarter_start
),

stated as (
    select
        wide.*, courses.course_code, courses.course_name, courses.audience, courses.estimated_minutes,
        difficulty.scored_enrollments, difficulty.failed_enrollments,
        difficulty.difficulty,
        {{ rate_state('wide.facts_actual_minutes', rate_is_shown('wide.people_actual_minutes'), 'reach.reaches_lms_enrollments') }} as minutes_state,
        {{ rate_state(
            'case when courses.estimated_minutes > 0 then wide.facts_actual_minutes end', rate_is_shown('wide.people_actual_minutes'),
            'reach.reaches_lms_enrollments'
        ) }} as ratio_state,
        {{ rate_state(
            'wide.facts_first_try_pass_rate', rate_is_shown('wide.people_first_try_pass_rate'), 'reach.reaches_lms_enrollments'
        ) }} as first_try_state,
        {{ rate_state('wide.facts_reaction', rate_is_shown('wide.people_reaction'), 'reach.reaches_drops_survey_responses') }} as reaction_state,
        {{ rate_state('difficulty.scored_enrollments', 'difficulty.is_measured', 'reach.reaches_lms_enrollments') }} as difficulty_state
    from wide
    inner join reach on wide.company_id = reach.company_id
    inner join {{ ref('dim_courses') }} as courses on wide.company_id = courses.company_id and wide.course_id = courses.course_id
    left join {{ ref('dim_course_difficulty') }} as difficulty on wide.company_id = difficulty.company_id and wide.course_id = difficulty.course_id
)

select
    company_id, course_id, course_code, course_name, audience, quarter_start, estimated_minutes,
    case when minutes_state = 'reads' then {{ to_double('actual_minutes') }} end as actual_minutes,
    case when minutes_state = 'reads' then {{ to_count('facts_actual_minutes') }} end as actual_minutes_n,
    case when minutes_state = 'reads' then {{ to_count('people_actual_minutes') }} end as actual_minutes_denominator,
    {{ to_text('minutes_state') }} as actual_minutes_state,
    case when ratio_state = 'reads' then {{ ratio('actual_minutes', 'estimated_minutes') }} end as actual_to_estimated_minutes,
    case when ratio_state = 'reads' then {{ to_count('facts_actual_minutes') }} end as actual_to_estimated_minutes_n,
    case when ratio_state = 'reads' then {{ to_count('people_actual_minutes') }} end as actual_to_estimated_minutes_denominator,
    {{ to_text('ratio_state') }} as actual_to_estimated_minutes_state,
    {{ rate_columns('first_try_pass_rate', 'total_first_try_pass_rate', 'facts_first_try_pass_rate', 'first_try_state') }},
    {{ rate_interval('first_try_pass_rate', 'total_first_try_pass_rate', 'facts_first_try_pass_rate', 'first_try_state') }},
    case when difficulty_state = 'reads' then {{ to_double('difficulty') }} end as difficulty,
    case when difficulty_state = 'reads' then {{ to_count('failed_enrollments') }} end as difficulty_n,
    case when difficulty_state = 'reads' then {{ to_count('scored_enrollments') }} end as difficulty_denominator,
    {{ to_text('difficulty_state') }} as difficulty_state,
    case when reaction_state = 'reads' then {{ to_double('reaction') }} end as reaction,
    case when reaction_state = 'reads' then {{ to_count('facts_reaction') }} end as reaction_n,
    case when reaction_state = 'reads' then {{ to_count('people_reaction') }} end as reaction_denominator,
    {{ to_text('reaction_state') }} as reaction_state,
    {{ rate_columns('business_authored_share', 'null', 'null', "'no_data_reaches_us'") }},
    {{ rate_columns('peer_reach_share', 'null', 'null', "'no_data_reaches_us'") }}
from stated
