{# Change of a figure after the training for the role against people of the same role not yet trained. Positive is better, whatever the figure's
   direction. Companies without such figures keep one row that says so. #}
with effects as (
    select * from {{ ref('int_impact__role_estimates') }} where time_window = 'effect'
),

placebos as (
    select * from {{ ref('int_impact__role_estimates') }} where time_window = 'placebo' and state = 'reads'
),

judged as (
    select
        company.company_id, company.as_of_at, coalesce(effects.job_title, 'All roles') as role_title, coalesce(effects.kpi_code, 'none') as kpi_code,
        effects.estimate, effects.ci_low, effects.ci_high, effects.naive_estimate, effects.naive_ci_low, effects.naive_ci_high,
        effects.n_treated, effects.n_control, placebos.estimate as placebo_estimate, placebos.ci_low as placebo_low, placebos.ci_high as placebo_high,
        row_number() over (
            partition by company.company_id order by effects.n_treated desc nulls last, effects.job_title asc, effects.kpi_code asc
        ) = 1 as is_headline,
        {{ names_of_true([('placebo', 'coalesce(' ~ leaves_out(0, 'placebos.ci_low', 'placebos.ci_high') ~ ', false)')]) }} as failed_checks,
        case when placebos.ci_low is null then 'placebo' else '' end as untested_checks,
        case
            when not (flags.reaches_drops_kpi_observations and flags.reaches_lms_enrollments) then 'no_data_reaches_us'
            else coalesce(effects.state, 'nothing_recorded')
        end as state
    from {{ ref('dim_company') }} as company
    inner join ({{ reach_flags(['drops.kpi_observations', 'lms.enrollments']) }}) as flags on company.company_id = flags.company_id
    left join effects on company.company_id = effects.company_id
    left join placebos
        on effects.company_id = placebos.company_id and effects.job_title = placebos.job_title and effects.kpi_code = placebos.kpi_code
)

select
    company_id, {{ to_text('role_title') }} as role_title, {{ to_text('kpi_code') }} as kpi_code,
    {{ to_text("'Do people perform better in their role after its training?'") }} as question, {{ to_text('kpi_code') }} as outcome,
    {{ to_text("'first training for the role'") }} as definition, {{ to_text("'own_change'") }} as method, is_headline,
    {% for column in ['estimate', 'ci_low', 'ci_high', 'naive_estimate', 'naive_ci_low', 'naive_ci_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    {{ to_text("'points'") }} as unit,
    case when state = 'reads' then {{ to_count('n_treated') }} end as n_treated,
    case when state = 'reads' then {{ to_count('n_control') }} end as n_control,
    {% for column in ['placebo_estimate', 'placebo_low', 'placebo_high'] -%}
    case when state = 'reads' then {{ to_double(column) }} end as {{ column }},
    {% endfor -%}
    {{ to_text('failed_checks') }} as failed_checks, {{ to_text('untested_checks') }} as untested_checks, {{ to_text('state') }} as state,
    {{ to_text(tier_of('state', 'failed_checks', "case when untested_checks = '' then 'supported' else 'associated' end")) }} as tier,
    {{ to_text("case state
        when 'too_few' then 'fewer than ten people on one side'
        when 'nothing_recorded' then 'nobody with a figure was trained while we observed it'
        when 'no_data_reaches_us' then 'figures of people or learning data do not reach us'
    end") }} as withheld_reason,
    as_of_at
from judged
