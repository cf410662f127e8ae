{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per thing that says how a team works: what it measures, whom it is about, and its value (1 or 0, or a score). #}
with signals as (
    select
        company_id, 'moment' as measure, person_key, person_key as home_key, occurred_at as happened_at,
        {{ to_double('case when ' ~ seconds_between('opened_at', 'occurred_at') ~ ' between 0 and 1800 then 1 else 0 end') }} as value
    from {{ ref('fct_moments') }}
    union all
    select
        company_id, 'recognition' as measure, to_person_key as person_key, to_person_key as home_key, occurred_at as happened_at,
        {{ to_double(one_if("reason_class = 'application'")) }} as value
    from {{ ref('fct_recognitions') }}
    union all
    select
        company_id, case instrument when 'climate' then 'climate' else 'support' end as measure, coalesce(person_key, response_id) as person_key,
        coalesce(person_key, manager_person_key) as home_key,
        answered_at as happened_at, 5 * {{ ratio('score', 'maximum_score') }} as value
    from {{ ref('fct_survey_responses') }}
    where (instrument = 'climate' and item_code = 'safe_to_ask') or (instrument = 'pulse' and item_code = 'manager_supports')
    {% for measure, column in [('retro_learned', 'learned_something'), ('retro_change', 'will_do_differently')] %}
    union all
    {# an answer without a name counts as the same unknown person as the answer with its number in every other retro of the team #}
    select
        answers.company_id, '{{ measure }}' as measure,
        coalesce(answers.person_key, rituals.team_manager_person_key || '/' || {{ to_text(
            'row_number() over (partition by answers.company_id, answers.ritual_id, answers.person_key order by answers.answered_at, answers.answer_id)'
        ) }}) as person_key,
        coalesce(answers.person_key, rituals.team_manager_person_key) as home_key, answers.answered_at as happened_at,
        {{ to_double(one_if('answers.' ~ column)) }} as value
    from {{ ref('fct_retro_answers') }} as answers
    inner join {{ ref('fct_rituals') }} as rituals on answers.company_id = rituals.company_id and answers.ritual_id = rituals.ritual_id
    where answers.{{ column }} is not null
    {% endfor %}
    {% for measure, column, condition in [
        ('decision', 'used_learning', 'true'),
        ('reversed_with', 'was_reversed', 'used_learning'),
        ('reversed_without', 'was_reversed', 'not used_learning'),
    ] %}
    union all
    select
        company_id, '{{ measure }}' as measure, team_manager_person_key as person_key, team_manager_person_key as home_key, decided_at as happened_at,
        {{ to_double(one_if(column)) }} as value
    from {{ ref('fct_decisions') }}
    where {{ column }} is not null and {{ condition }}
    {% endfor %}
)

select
    signals.company_id, {{ month_start('signals.happened_at') }} as month_start, coalesce(workers.department, 'Unknown') as department,
    signals.measure, signals.person_key, signals.value
from signals
inner join {{ ref('dim_company') }} as company on signals.company_id = company.company_id and signals.happened_at < company.as_of_at
{{ worker_at('workers', 'signals', 'home_key', 'happened_at') }}
