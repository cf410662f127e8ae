{{ config(schema='restricted', contract={'enforced': false}) }}

{# Person x quarter x signal: the level of the signal in the quarter, and whether the person showed verified use in the next one. Only people who work here
   through both quarters, and quarters whose next one is over. is_judged marks the two newest such quarters; the earlier ones are learned from. #}
with quarters as (
    select
        company_id, {{ quarter_start('month_start') }} as quarter_start, {{ add_months(quarter_start('month_start'), 3) }} as quarter_end,
        {{ add_months(quarter_start('month_start'), 6) }} as outcome_end,
        dense_rank() over (partition by company_id order by {{ quarter_start('month_start') }} desc) as place
    from (
        select months.company_id, {{ quarter_start('months.month_start') }} as month_start
        from {{ ref('int_application__months') }} as months
        inner join {{ ref('dim_company') }} as company
            on months.company_id = company.company_id and {{ to_timestamp(add_months(quarter_start('months.month_start'), 6)) }} <= company.as_of_at
            and {{ quarter_start('months.month_start') }} >= {{ to_date('company.observed_from_at') }}
        group by months.company_id, {{ quarter_start('months.month_start') }}
    ) as whole_quarters
),

people as (
    select
        quarters.company_id, quarters.quarter_start, quarters.quarter_end, quarters.outcome_end, {{ one_if('quarters.place <= 2') }} as is_judged,
        workers.person_key
    from quarters
    inner join {{ ref('dim_worker_spells') }} as workers
        on quarters.company_id = workers.company_id and workers.hired_date <= quarters.quarter_start
        and (workers.terminated_date is null or workers.terminated_date >= quarters.outcome_end)
),

events as (
    select company_id, coachee_person_key as person_key, 'coaching' as signal, occurred_at as happened_at, {{ to_double('1') }} as value
    from {{ ref('fct_coaching_events') }}
    where has_learning_topic
    union all
    select company_id, person_key, 'practice' as signal, done_at as happened_at, {{ to_double('1') }} as value
    from {{ ref('fct_practice_tasks') }}
    where done_at is not null and is_micro
    union all
    select company_id, person_key, 'completions' as signal, completed_at as happened_at, {{ to_double('1') }} as value
    from {{ ref('fct_enrollments') }}
    where is_verified_completion and completed_at is not null
    union all
    select company_id, person_key, 'manager_asked' as signal, {{ to_timestamp('week_start') }} as happened_at, {{ to_double('1') }} as value
    from {{ ref('fct_checkins') }}
    where manager_asked
    union all
    select company_id, person_key, 'satisfaction' as signal, answered_at as happened_at, 5 * {{ ratio('score', 'maximum_score') }} as value
    from {{ ref('fct_survey_responses') }}
    where instrument = 'reaction' and item_code = 'overall'
),

{% set signals = ['coaching', 'practice', 'completions', 'manager_asked', 'satisfaction'] %}
measured as (
    select
        people.company_id, people.quarter_start, people.outcome_end, people.quarter_end, people.is_judged, people.person_key,
        {% for signal in signals -%}
        count(case when events.signal = '{{ signal }}' then events.value end) as {{ signal }},
        {% endfor -%}
        avg(case when events.signal = 'satisfaction' then events.value end) as mean_satisfaction
    from people
    left join events
        on people.company_id = events.company_id and people.person_key = events.person_key
        and events.happened_at >= {{ to_timestamp('people.quarter_start') }} and events.happened_at < {{ to_timestamp('people.quarter_end') }}
    group by people.company_id, people.quarter_start, people.outcome_end, people.quarter_end, people.is_judged, people.person_key
),

followed as (
    select measured.company_id, measured.quarter_start, measured.person_key, max({{ one_if('uses.evidence_id is not null') }}) as y
    from measured
    left join {{ ref('int_application__uses_seen_by_others') }} as uses
        on measured.company_id = uses.company_id and measured.person_key = uses.person_key
        and uses.occurred_at >= {{ to_timestamp('measured.quarter_end') }} and uses.occurred_at < {{ to_timestamp('measured.outcome_end') }}
    group by measured.company_id, measured.quarter_start, measured.person_key
)

{% for signal in signals + ['coaching_with_practice'] %}
select
    measured.company_id, measured.quarter_start, measured.person_key, measured.is_judged, '{{ signal }}' as signal, followed.y,
    {% if signal == 'satisfaction' -%}
    coalesce({{ to_nearest('measured.mean_satisfaction') }}, 0)
    {%- elif signal == 'coaching_with_practice' -%}
    10 * case when measured.coaching > 3 then 3 else measured.coaching end + case when measured.practice > 3 then 3 else measured.practice end
    {%- else -%}
    case when measured.{{ signal }} > 5 then 5 else measured.{{ signal }} end
    {%- endif %} as level
from measured
inner join followed on {{ same('measured', 'followed', ['company_id', 'quarter_start', 'person_key']) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
