{# The lag curve: leaving rate of those who learned by choice over those who did not, by months ignored before the month at risk. The registered
   answer ignores three. Companies whose HR or learning data do not reach us keep one row that says so. #}
with flags as (
    {{ reach_flags(['hris.employees', 'lms.enrollments']) }}
),

gaps as (
    select flags.company_id, flags.reaches_hris_employees and flags.reaches_lms_enrollments as reaches_us, numbers.n as months_ignored
    from flags
    cross join ({{ whole_numbers(7) }}) as numbers
),

judged as (
    select
        gaps.company_id, gaps.months_ignored, estimates.estimate, estimates.ci_low, estimates.ci_high, estimates.naive_estimate,
        estimates.naive_ci_low, estimates.naive_ci_high, estimates.n_treated, estimates.n_control, estimates.n_units, estimates.n_events,
        estimates.overlap_share, coalesce(estimates.failed_checks, '') as overlap_failed, later.estimate as later_estimate,
        case when not gaps.reaches_us then 'no_data_reaches_us' else coalesce(estimates.state, 'nothing_recorded') end as state
    from gaps
    left join {{ ref('int_impact__turnover_estimates') }} as estimates
        on gaps.company_id = estimates.company_id and estimates.variant = 'gap_' || cast(gaps.months_ignored as {{ type_text() }})
    left join {{ ref('int_impact__turnover_estimates') }} as later on gaps.company_id = later.company_id and later.variant = 'gap_5'
),

checked as (
    select
        *,
        {{ names_of_true([
            ('overlap', "overlap_failed <> ''"),
            ('lag_curve', 'months_ignored = 3 and coalesce(' ~ leaves_out('later_estimate', 'ci_low', 'ci_high') ~ ', false)'),
        ]) }} as failed_checks
    from judged
)

select
    checked.company_id, {{ to_text("'Do people who learn stay longer?'") }} as question, {{ to_text("'voluntary_leaving'") }} as outcome,
    {{ to_text("'finished a voluntary course in six months that end before the months ignored'") }} as definition,
    {{ to_text("'lagged_exposure'") }} as method, {{ to_count('months_ignored') }} as months_ignored, months_ignored = 3 as is_headline,
    {% for column in ['estimate', 'ci_low', 'ci_high', 'naive_estimate', 'naive_ci_low', 'naive_ci_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    {{ to_text("'rate_ratio'") }} as unit,
    {% for column in ['n_treated', 'n_control', 'n_units', 'n_events'] -%}
    case when state = 'reads' then {{ to_count(column) }} end as {{ column }},
    {% endfor -%}
    case when state = 'reads' then {{ to_double('overlap_share') }} end as overlap_share,
    case when state = 'reads' then {{ e_value('estimate') }} end as e_value,
    case when state = 'reads' then {{ e_value_of_interval('ci_low', 'ci_high') }} end as e_value_of_interval,
    {{ to_text('failed_checks') }} as failed_checks, {{ to_text("'negative_control'") }} as untested_checks, {{ to_text('state') }} as state,
    {{ to_text(tier_of('state', 'failed_checks', "'associated'")) }} as tier,
    {{ to_text("case state
        when 'too_few' then 'fewer than 50 people or 10 leavers on one side'
        when 'nothing_recorded' then 'no month has nine observed months before it'
        when 'no_data_reaches_us' then 'HR or learning data do not reach us'
    end") }} as withheld_reason,
    company.as_of_at
from checked
inner join {{ ref('dim_company') }} as company on checked.company_id = company.company_id
