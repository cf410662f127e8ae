{% set signals = ['coaching', 'practice', 'coaching_with_practice', 'manager_asked', 'completions', 'satisfaction'] %}

{# what each level meant in the earlier quarters, pulled towards the base rate by one person #}
with learned_base as (
    select company_id, signal, count(*) as n, avg({{ to_double('y') }}) as base_rate, max(quarter_start) as fitted_to
    from {{ ref('int_application__signal_units') }}
    where is_judged = 0
    group by company_id, signal
),

learned as (
    select units.company_id, units.signal, units.level, (sum({{ to_double('units.y') }}) + max(base.base_rate)) / (count(*) + 1) as score
    from {{ ref('int_application__signal_units') }} as units
    inner join learned_base as base on units.company_id = base.company_id and units.signal = base.signal
    where units.is_judged = 0
    group by units.company_id, units.signal, units.level
),

scored as (
    select units.company_id, units.signal, units.person_key, units.quarter_start, units.y, coalesce(learned.score, base.base_rate) as score, base.fitted_to
    from {{ ref('int_application__signal_units') }} as units
    inner join learned_base as base on units.company_id = base.company_id and units.signal = base.signal
    left join learned on units.company_id = learned.company_id and units.signal = learned.signal and units.level = learned.level
    where units.is_judged = 1
),

ranked as (
    select
        scored.*,
        rank() over (partition by company_id, signal order by score)
        + {{ ratio('count(*) over (partition by company_id, signal, score) - 1', 2) }} as middle_rank
    from scored
),

judged as (
    select
        company_id, signal, max(fitted_to) as fitted_to, min(quarter_start) as judged_from, count(*) as units, count(distinct person_key) as people,
        count(distinct case when y = 1 then person_key end) as people_using, count(distinct case when y = 0 then person_key end) as people_not_using,
        {{ to_double('sum(y)') }} as n1, {{ to_double('sum(1 - y)') }} as n0, sum(case when y = 1 then middle_rank else 0 end) as rank_sum
    from ranked
    group by company_id, signal
),

areas as (
    select judged.*, (rank_sum - n1 * (n1 + 1) / 2) / nullif(n1 * n0, 0) as auc
    from judged
),

{# Hanley and McNeil's error of an area under the curve #}
errors as (
    select
        areas.*,
        {{ safe_sqrt(
            '(auc * (1 - auc) + (n1 - 1) * (auc / (2 - auc) - auc * auc) + (n0 - 1) * (2 * auc * auc / (1 + auc) - auc * auc)) / nullif(n1 * n0, 0)'
        ) }} as error
    from areas
),

signals as (
    {% for signal in signals %}
    select '{{ signal }}' as signal
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

flags as (
    {{ reach_flags([
        'drops.application_evidence', 'drops.coaching_events', 'drops.practice_tasks', 'drops.checkins', 'lms.enrollments', 'drops.survey_responses'
    ]) }}
),

stated as (
    select
        company.company_id, company.as_of_at, signals.signal, errors.fitted_to, errors.judged_from, errors.units, errors.n1, errors.auc, errors.error,
        case
            when not flags.reaches_drops_application_evidence then 'no_data_reaches_us'
            when signals.signal in ('coaching', 'coaching_with_practice') and not flags.reaches_drops_coaching_events then 'no_data_reaches_us'
            when signals.signal in ('practice', 'coaching_with_practice') and not flags.reaches_drops_practice_tasks then 'no_data_reaches_us'
            when signals.signal = 'manager_asked' and not flags.reaches_drops_checkins then 'no_data_reaches_us'
            when signals.signal = 'completions' and not flags.reaches_lms_enrollments then 'no_data_reaches_us'
            when signals.signal = 'satisfaction' and not flags.reaches_drops_survey_responses then 'no_data_reaches_us'
            when errors.company_id is null then 'not_due'
            when not ({{ rate_is_shown('errors.people_using') }} and {{ rate_is_shown('errors.people_not_using') }}) then 'too_few'
            else 'reads'
        end as auc_state
    from {{ ref('dim_company') }} as company
    cross join signals
    inner join flags on company.company_id = flags.company_id
    left join errors on company.company_id = errors.company_id and signals.signal = errors.signal
),

published as (
    select stated.*, case when auc_state = 'reads' then auc end as shown_auc from stated
)

select
    company_id, {{ to_text('signal') }} as signal, {{ to_text("'predictive'") }} as claim,
    case when auc_state = 'reads' then fitted_to end as learned_through_quarter, case when auc_state = 'reads' then judged_from end as judged_from_quarter,
    {{ to_double('shown_auc') }} as auc,
    case when auc_state = 'reads' then {{ to_count('n1') }} end as auc_n,
    case when auc_state = 'reads' then {{ to_count('units') }} end as auc_denominator,
    {{ to_text('auc_state') }} as auc_state,
    case when shown_auc - {{ z975() }} * error < 0 then 0 else shown_auc - {{ z975() }} * error end as auc_low,
    case when shown_auc + {{ z975() }} * error > 1 then 1 else shown_auc + {{ z975() }} * error end as auc_high,
    case when shown_auc is not null then {{ to_count('rank() over (partition by company_id order by shown_auc desc nulls last)') }} end as place,
    {% for signal in ['completions', 'satisfaction'] -%}
    shown_auc - max(case when signal = '{{ signal }}' then shown_auc end) over (partition by company_id) as auc_over_{{ signal }},
    {% endfor -%}
    shown_auc is not null and shown_auc - {{ z975() }} * error > 0.5 as is_better_than_chance,
    as_of_at
from published
