{{ config(schema='restricted', contract={'enforced': false}) }}

{# Whole month with a rule on mandatory hours in force: workers whose recorded hours of the calendar year so far lie within 5 % of the threshold, and those in
   the two bins of the same width beside it. Bunching at the threshold is what people do who stop when the rule is met. #}
with rules as (
    select workers.company_id, workers.month_start, workers.month_end, workers.person_key, min(policies.threshold) as threshold_hours
    from {{ ref('int_activity__worker_months') }} as workers
    inner join {{ ref('dim_policies') }} as policies
        on workers.company_id = policies.company_id and policies.policy_type = 'mandatory_hours' and policies.threshold > 0
        and policies.valid_from <= workers.month_end and (policies.valid_to is null or policies.valid_to > workers.month_end)
    group by workers.company_id, workers.month_start, workers.month_end, workers.person_key
),

hours as (
    select company_id, person_key, month_start, {{ ratio('sum(raw_seconds)', 3600) }} as recorded_hours
    from {{ ref('int_governance__session_facts') }}
    group by company_id, person_key, month_start
),

relative as (
    select
        rules.company_id, rules.month_start, rules.person_key,
        coalesce(sum(hours.recorded_hours), 0) / max(rules.threshold_hours) as share_of_threshold
    from rules
    left join hours
        on rules.company_id = hours.company_id and rules.person_key = hours.person_key and hours.month_start <= rules.month_start
        and hours.month_start >= cast(date_trunc('year', {{ to_timestamp('rules.month_start') }}) as date)
    group by rules.company_id, rules.month_start, rules.person_key
)

select
    company_id, month_start, count(*) as people,
    sum({{ one_if('share_of_threshold >= 0.95 and share_of_threshold <= 1.05') }}) as in_bin,
    sum({{ one_if('(share_of_threshold >= 0.85 and share_of_threshold < 0.95) or (share_of_threshold > 1.05 and share_of_threshold <= 1.15)') }}) as neighbors
from relative
group by company_id, month_start
