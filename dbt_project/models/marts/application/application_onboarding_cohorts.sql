{% set window_days = 14 %}
{% set keys = ['company_id', 'hire_month', 'role_title'] %}
{% set rates = [
    {'name': 'opened_path_14_days', 'n': 'opened', 'denominator': 'due', 'people': 'people', 'interval': true, 'due': 'is_due'},
    {'name': 'first_win_14_days', 'n': 'won', 'denominator': 'due', 'people': 'people', 'interval': true, 'due': 'is_due'},
    {'name': 'personalized_path', 'n': 'personalized', 'denominator': 'due', 'people': 'people', 'reaches': 'reaches_paths', 'due': 'is_due'},
    {'name': 'quick_win_14_days', 'n': 'quick_wins', 'denominator': 'due', 'people': 'people', 'interval': true, 'reaches': 'reaches_paths',
        'due': 'is_due'},
    {'name': 'buddy_14_days', 'n': 'with_buddy', 'denominator': 'due', 'people': 'people', 'reaches': 'reaches_buddies', 'due': 'is_due'},
    {'name': 'onboarding_satisfaction', 'value': 'mean_satisfaction', 'n': 'satisfied_answers', 'denominator': 'satisfied_answers',
        'people': 'people_satisfied', 'reaches': 'reaches_answers', 'due': 'is_answer_due'},
    {'name': 'would_recommend', 'n': 'recommending', 'denominator': 'prepared_answers', 'people': 'people_prepared', 'interval': true,
        'reaches': 'reaches_answers', 'due': 'is_answer_due'},
] %}

with hires as (
    {% for role in ['starts.role_title', "'All roles'"] %}
    select
        starts.company_id, starts.hire_month, {{ role }} as role_title, starts.person_key,
        {{ one_if('starts.days_observed >= ' ~ window_days) }} as is_due, {{ one_if('starts.days_observed >= 30') }} as is_answer_due,
        {{ one_if('starts.days_to_open <= ' ~ window_days) }} as opened,
        {{ one_if('starts.days_to_open <= ' ~ window_days ~ ' and starts.days_to_first_win <= ' ~ window_days) }} as won,
        coalesce(days.has_gap_path, 0) as has_gap_path, coalesce(days.has_quick_win, 0) as has_quick_win, coalesce(days.has_buddy, 0) as has_buddy,
        days.satisfaction, days.prepared
    from {{ ref('int_application__starts') }} as starts
    left join {{ ref('int_application__first_days') }} as days
        on starts.company_id = days.company_id and starts.person_key = days.person_key and starts.spell_number = days.spell_number
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        company_id, hire_month, role_title, count(distinct case when is_due = 1 then person_key end) as people,
        sum(is_due) as due, sum(is_due * opened) as opened, sum(is_due * won) as won, sum(is_due * has_gap_path) as personalized,
        sum(is_due * has_quick_win) as quick_wins, sum(is_due * has_buddy) as with_buddy, max(is_answer_due) as any_answer_due,
        count(case when is_answer_due = 1 then satisfaction end) as satisfied_answers,
        count(distinct case when is_answer_due = 1 and satisfaction is not null then person_key end) as people_satisfied,
        avg(case when is_answer_due = 1 then satisfaction end) as mean_satisfaction,
        count(case when is_answer_due = 1 then prepared end) as prepared_answers,
        count(distinct case when is_answer_due = 1 and prepared is not null then person_key end) as people_prepared,
        sum({{ one_if('is_answer_due = 1 and prepared >= 4') }}) as recommending
    from hires
    group by company_id, hire_month, role_title
),

flags as (
    {{ reach_flags(['drops.learning_paths', 'drops.buddy_assignments', 'drops.survey_responses']) }}
),

framed as (
    select
        counted.*, counted.due > 0 as is_due, counted.any_answer_due = 1 as is_answer_due,
        coalesce(flags.reaches_drops_learning_paths and {{ month_start('first_records.paths_from') }} <= counted.hire_month, false) as reaches_paths,
        coalesce(flags.reaches_drops_buddy_assignments and {{ month_start('first_records.buddies_from') }} <= counted.hire_month, false) as reaches_buddies,
        coalesce(flags.reaches_drops_survey_responses, false) as reaches_answers
    from counted
    left join flags on counted.company_id = flags.company_id
    left join {{ ref('int_application__first_records') }} as first_records on counted.company_id = first_records.company_id
),

stated as (
    {{ with_rate_states('framed', keys, ['company_id', 'hire_month'], "role_title = 'All roles'", rates) }}
)

select
    company_id, hire_month, {{ to_text('role_title') }} as role_title,
    case when first_win_14_days_state = 'reads' then {{ to_count('due') }} end as hires,
    {{ published_rates(rates) }}
from stated
