{% set own_placebo = "case estimates.ticket_kind when 'how_to_less_defect' then checks.difference_placebo_low else checks.placebo_low end" %}
with churn as (
    select
        company_id, 'Do customers we train stay longer?' as question, 'churn' as outcome, definition, 'person_time' as method,
        definition = 'any' as is_headline, estimate, ci_low, ci_high, naive_estimate, naive_ci_low, naive_ci_high,
        n_treated, n_control, n_units, n_events, overlap_share, imbalance,
        negative_control_estimate, negative_control_low, negative_control_high,
        per_100, per_100_low, per_100_high, cast(null as {{ type_double() }}) as mapped_share,
        failed_checks, untested_checks, state, 'associated' as best_tier,
        'fewer than 50 accounts or 10 leavers on one side' as reason_when_too_few
    from {{ ref('int_impact__churn_estimates') }}
    where definition <> 'owner'
),

{# A landmark compares the same customers, so a defect rate that differs between trained and untrained speaks against it as well. #}
landmarks as (
    select
        landmark.company_id, 'Do customers we train stay longer?' as question, 'churn' as outcome, landmark.definition,
        'landmark_' || {{ to_text('landmark.landmark_days') }} as method, false as is_headline,
        landmark.estimate, landmark.ci_low, landmark.ci_high, landmark.naive_estimate, landmark.naive_ci_low, landmark.naive_ci_high,
        landmark.n_treated, landmark.n_control, landmark.n_treated + landmark.n_control as n_units, landmark.n_events, landmark.overlap_share,
        cast(null as {{ type_double() }}) as imbalance,
        churn.negative_control_estimate, churn.negative_control_low, churn.negative_control_high,
        cast(null as {{ type_double() }}) as per_100, cast(null as {{ type_double() }}) as per_100_low,
        cast(null as {{ type_double() }}) as per_100_high, cast(null as {{ type_double() }}) as mapped_share,
        {{ names_of_true([
            ('overlap', "landmark.failed_checks = 'overlap'"),
            ('negative_control', 'coalesce(' ~ leaves_out(1, 'churn.negative_control_low', 'churn.negative_control_high') ~ ', false)'),
        ]) }} as failed_checks,
        case when churn.negative_control_estimate is null then 'negative_control' else '' end as untested_checks,
        landmark.state, 'associated' as best_tier,
        'fewer than 50 accounts or 10 leavers on one side whose year is over' as reason_when_too_few
    from {{ ref('int_impact__landmark_estimates') }} as landmark
    left join churn on landmark.company_id = churn.company_id and landmark.definition = churn.definition
),

ticket_checks as (
    select
        company_id, definition,
        max(case when ticket_kind = 'defect' and time_window = 'effect' then estimate end) as negative_control_estimate,
        max(case when ticket_kind = 'defect' and time_window = 'effect' then ci_low end) as negative_control_low,
        max(case when ticket_kind = 'defect' and time_window = 'effect' then ci_high end) as negative_control_high,
        max(case when ticket_kind = 'how_to' and time_window = 'placebo' and state = 'reads' then ci_low end) as placebo_low,
        max(case when ticket_kind = 'how_to' and time_window = 'placebo' and state = 'reads' then ci_high end) as placebo_high,
        max(case when ticket_kind = 'how_to_less_defect' and time_window = 'placebo' and state = 'reads' then ci_low end) as difference_placebo_low,
        max(case when ticket_kind = 'how_to_less_defect' and time_window = 'placebo' and state = 'reads' then ci_high end) as difference_placebo_high
    from {{ ref('int_impact__ticket_estimates') }}
    group by company_id, definition
),

tickets as (
    select
        estimates.company_id, 'Do customers we train ask fewer how-to questions?' as question,
        case estimates.ticket_kind when 'defect' then 'defect_tickets' else 'how_to_tickets' end as outcome, estimates.definition,
        case estimates.ticket_kind when 'how_to_less_defect' then 'own_baseline_less_defects' else 'own_baseline' end as method,
        estimates.definition = 'any' and estimates.ticket_kind = 'how_to' as is_headline,
        estimates.estimate, estimates.ci_low, estimates.ci_high,
        naive.estimate as naive_estimate, naive.ci_low as naive_ci_low, naive.ci_high as naive_ci_high,
        estimates.n_treated, estimates.n_control, estimates.n_treated + estimates.n_control as n_units, estimates.n_events,
        cast(null as {{ type_double() }}) as overlap_share, cast(null as {{ type_double() }}) as imbalance,
        case when estimates.ticket_kind <> 'defect' then checks.negative_control_estimate end as negative_control_estimate,
        case when estimates.ticket_kind <> 'defect' then checks.negative_control_low end as negative_control_low,
        case when estimates.ticket_kind <> 'defect' then checks.negative_control_high end as negative_control_high,
        cast(null as {{ type_double() }}) as per_100, cast(null as {{ type_double() }}) as per_100_low,
        cast(null as {{ type_double() }}) as per_100_high, naive.mapped_share,
        {{ names_of_true([
            ('negative_control', "estimates.ticket_kind = 'how_to' and coalesce(" ~ leaves_out(1, 'checks.negative_control_low', 'checks.negative_control_high') ~ ", false)"),
            ('placebo', "(estimates.ticket_kind = 'how_to' and coalesce(" ~ leaves_out(1, 'checks.placebo_low', 'checks.placebo_high') ~ ", false))
                or (estimates.ticket_kind = 'how_to_less_defect' and coalesce("
                ~ leaves_out(1, 'checks.difference_placebo_low', 'checks.difference_placebo_high') ~ ", false))"),
            ('mapped_share', "coalesce(naive.mapped_share, 0) < 0.8"),
        ]) }} as failed_checks,
        case when {{ own_placebo }} is null then 'placebo' else '' end as untested_checks,
        estimates.state,
        case when {{ own_placebo }} is null then 'associated' else 'supported' end as best_tier,
        'fewer than 30 trained accounts with six months before and one after' as reason_when_too_few
    from {{ ref('int_impact__ticket_estimates') }} as estimates
    inner join ticket_checks as checks on estimates.company_id = checks.company_id and estimates.definition = checks.definition
    left join {{ ref('int_impact__ticket_naive') }} as naive
        on estimates.company_id = naive.company_id and estimates.definition = naive.definition
        and naive.ticket_kind = case estimates.ticket_kind when 'defect' then 'defect' else 'how_to' end
    where estimates.time_window = 'effect'
),

all_rows as (
    select * from churn
    union all
    select * from landmarks
    union all
    select * from tickets
)

select
    rows_of.company_id, {{ to_text('question') }} as question, {{ to_text('outcome') }} as outcome,
    {{ to_text('definition') }} as definition, {{ to_text('method') }} as method, is_headline,
    {% for column in ['estimate', 'ci_low', 'ci_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    {{ to_double('naive_estimate') }} as naive_estimate, {{ to_double('naive_ci_low') }} as naive_ci_low, {{ to_double('naive_ci_high') }} as naive_ci_high,
    {{ to_text("'rate_ratio'") }} as unit,
    {{ to_count('n_treated') }} as n_treated, {{ to_count('n_control') }} as n_control, {{ to_count('n_units') }} as n_units,
    {{ to_count('n_events') }} as n_events,
    {% for column in ['overlap_share', 'imbalance', 'negative_control_estimate', 'negative_control_low', 'negative_control_high'] -%}
    {{ to_double(column) }} as {{ column }},
    {% endfor -%}
    case when state = 'reads' then {{ e_value('estimate') }} end as e_value,
    case when state = 'reads' then {{ e_value_of_interval('ci_low', 'ci_high') }} end as e_value_of_interval,
    {% for column in ['per_100', 'per_100_low', 'per_100_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as more_stay_{{ column }},
    {% endfor -%}
    {{ to_double('mapped_share') }} as mapped_share,
    {{ to_text('failed_checks') }} as failed_checks, {{ to_text('untested_checks') }} as untested_checks,
    {{ to_text('state') }} as state, {{ to_text(tier_of('state', 'failed_checks', 'best_tier')) }} as tier,
    {{ to_text("case when state <> 'reads' then reason_when_too_few end") }} as withheld_reason,
    company.as_of_at
from all_rows as rows_of
inner join {{ ref('dim_company') }} as company on rows_of.company_id = company.company_id
