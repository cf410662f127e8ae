{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per start: a path made from diagnosed gaps, a buddy, and what the person says of the onboarding on days 15 to 30. #}
{% set keys = ['company_id', 'person_key', 'spell_number'] %}

with paths as (
    select
        starts.company_id, starts.person_key, starts.spell_number, 1 as has_gap_path,
        max({{ one_if(
            'paths.first_gap_item_passed_at >= paths.opened_at and ' ~ days_between('starts.hired_date', 'paths.first_gap_item_passed_at') ~ ' <= 14'
        ) }}) as has_quick_win
    from {{ ref('int_application__starts') }} as starts
    inner join {{ ref('fct_learning_paths') }} as paths
        on starts.company_id = paths.company_id and starts.person_key = paths.person_key and paths.is_gap_based
        and {{ to_date('paths.opened_at') }} >= starts.hired_date and {{ days_between('starts.hired_date', 'paths.opened_at') }} <= 14
    group by starts.company_id, starts.person_key, starts.spell_number
),

buddies as (
    select distinct starts.company_id, starts.person_key, starts.spell_number
    from {{ ref('int_application__starts') }} as starts
    inner join {{ ref('fct_buddy_assignments') }} as buddies
        on starts.company_id = buddies.company_id and starts.person_key = buddies.person_key
        and {{ days_between('starts.hired_date', 'buddies.assigned_at') }} between -30 and 14
),

answers as (
    select
        starts.company_id, starts.person_key, starts.spell_number,
        avg(case when answers.item_code = 'satisfaction' then 5 * {{ ratio('answers.score', 'answers.maximum_score') }} end) as satisfaction,
        avg(case when answers.item_code = 'prepared' then 5 * {{ ratio('answers.score', 'answers.maximum_score') }} end) as prepared
    from {{ ref('int_application__starts') }} as starts
    inner join {{ ref('fct_survey_responses') }} as answers
        on starts.company_id = answers.company_id and starts.person_key = answers.person_key and answers.instrument = 'onboarding'
        and {{ days_between('starts.hired_date', 'answers.answered_at') }} between 15 and 30
    group by starts.company_id, starts.person_key, starts.spell_number
)

select
    starts.company_id, starts.person_key, starts.spell_number,
    coalesce(paths.has_gap_path, 0) as has_gap_path, coalesce(paths.has_quick_win, 0) as has_quick_win,
    {{ one_if('buddies.person_key is not null') }} as has_buddy, answers.satisfaction, answers.prepared
from {{ ref('int_application__starts') }} as starts
left join paths on {{ same('starts', 'paths', keys) }}
left join buddies on {{ same('starts', 'buddies', keys) }}
left join answers on {{ same('starts', 'answers', keys) }}
