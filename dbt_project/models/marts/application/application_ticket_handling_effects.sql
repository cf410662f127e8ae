with judged as (
    select
        estimates.company_id, estimates.ticket_category, estimates.outcome, estimates.n_treated, estimates.n_control, estimates.n_tickets, estimates.state,
        -estimates.estimate as estimate, -estimates.ci_high as ci_low, -estimates.ci_low as ci_high,
        naive.naive_estimate, naive.naive_ci_low, naive.naive_ci_high,
        {{ names_of_true([
            ('placebo', "coalesce(placebo.state = 'reads' and " ~ leaves_out(0, 'placebo.ci_low', 'placebo.ci_high') ~ ", false)"),
        ]) }} as failed_checks,
        case when placebo.state = 'reads' then '' else 'placebo' end as untested_checks
    from {{ ref('int_application__agent_estimates') }} as estimates
    left join {{ ref('int_application__agent_estimates') }} as placebo
        on estimates.company_id = placebo.company_id and estimates.ticket_category = placebo.ticket_category
        and estimates.outcome = placebo.outcome and placebo.time_window = 'placebo'
    left join {{ ref('int_application__agent_naive') }} as naive
        on estimates.company_id = naive.company_id and estimates.ticket_category = naive.ticket_category and estimates.outcome = naive.outcome
    where estimates.time_window = 'effect'
)

select
    judged.company_id, {{ to_text('ticket_category') }} as ticket_category,
    {{ to_text("'Do trained agents handle such tickets faster?'") }} as question,
    {{ to_text("case outcome when 'hours' then 'resolution_hours_saved' else 'reopens_avoided_per_ticket' end") }} as outcome,
    {{ to_text("'category_course'") }} as definition, {{ to_text("'own_change'") }} as method,
    outcome = 'hours' and ticket_category = 'all' as is_headline,
    {% for column in ['estimate', 'ci_low', 'ci_high', 'naive_estimate', 'naive_ci_low', 'naive_ci_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    {{ to_text("case outcome when 'hours' then 'hours' else 'reopens' end") }} as unit,
    {% for count, column in [('n_treated', 'n_treated'), ('n_control', 'n_control'), ('n_tickets', 'n_events')] -%}
    case when state = 'reads' then {{ to_count(count) }} end as {{ column }},
    {% endfor -%}
    {{ to_text('failed_checks') }} as failed_checks, {{ to_text('untested_checks') }} as untested_checks,
    {{ to_text('state') }} as state,
    {{ to_text(tier_of('state', 'failed_checks', "case when untested_checks = '' then 'supported' else 'associated' end")) }} as tier,
    {{ to_text("case when state <> 'reads' then 'fewer than ten agents on one side' end") }} as withheld_reason,
    company.as_of_at
from judged
inner join {{ ref('dim_company') }} as company on judged.company_id = company.company_id
