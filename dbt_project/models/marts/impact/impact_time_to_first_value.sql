{% set by = ['company_id', 'start_quarter', 'path'] %}
{% set horizon_days = 90 %}

{# Days from contract start to first value by start quarter, and whether the onboarding path was on offer at the start. Accounts that left or are still
   waiting stay in the curve: finishers alone would look fast in every recent quarter. #}
with labeled as (
    select
        company_id, account_id, t, outcome, days_observed, case when is_treated = 1 then 'offered' else 'not_offered' end as path,
        cast(extract(year from start_quarter) as {{ type_text() }}) || '-Q' || cast(extract(quarter from start_quarter) as {{ type_text() }}) as start_quarter
    from {{ ref('int_impact__first_value_units') }}
    where t >= 0
),

times as (
    {% for quarter in ['start_quarter', "'all'"] %}
    {% for path in ['path', "'all'"] %}
    select company_id, {{ quarter }} as start_quarter, {{ path }} as path, account_id, t, outcome, days_observed from labeled
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        company_id, start_quarter, path, count(*) as accounts, sum(case when outcome = 'event' then 1 else 0 end) as reached,
        sum(case when outcome = 'event' and t <= {{ horizon_days }} then 1 else 0 end) as reached_by_horizon,
        sum(case when outcome = 'competing' then 1 else 0 end) as left_before,
        avg(case when outcome = 'event' then {{ to_double('t') }} end) as finishers_mean,
        start_quarter = 'all' or min(days_observed) >= {{ horizon_days }} as is_due
    from times
    group by company_id, start_quarter, path
),

curve as (
    {{ kaplan_meier('times', by) }}
),

at_horizon as (
    select company_id, start_quarter, path, 1 - survival as share, 1 - survival_high as share_low, 1 - survival_low as share_high
    from (
        select *, row_number() over (partition by company_id, start_quarter, path order by t desc) as place
        from curve
        where t <= {{ horizon_days }}
    ) as steps
    where place = 1
),

medians as (
    {{ kaplan_meier_median('times', by) }}
),

stated as (
    select
        counted.*, at_horizon.share, at_horizon.share_low, at_horizon.share_high, medians.median_t, medians.median_low, medians.median_high,
        {{ rate_state('counted.accounts', rate_is_shown('counted.accounts'), is_due='counted.is_due') }} as state
    from counted
    left join at_horizon on {{ same('counted', 'at_horizon', by) }}
    left join medians on {{ same('counted', 'medians', by) }}
),

silent as (
    select flags.company_id, case when flags.reaches_crm_accounts then 'nothing_recorded' else 'no_data_reaches_us' end as state
    from ({{ reach_flags(['crm.accounts']) }}) as flags
    left join (select distinct company_id from counted) as known on flags.company_id = known.company_id
    where known.company_id is null
)

select
    company_id, {{ to_text('start_quarter') }} as start_quarter, {{ to_text('path') }} as path,
    case when state = 'reads' then {{ to_double('coalesce(share, 0)') }} end as first_value_by_90,
    case when state = 'reads' then {{ to_count('reached_by_horizon') }} end as first_value_by_90_n,
    case when state = 'reads' then {{ to_count('accounts') }} end as first_value_by_90_denominator,
    {{ to_text('state') }} as first_value_by_90_state,
    case when state = 'reads' then {{ to_double('share_low') }} end as first_value_by_90_low,
    case when state = 'reads' then {{ to_double('share_high') }} end as first_value_by_90_high,
    case when state = 'reads' then {{ to_count('left_before') }} end as left_before_first_value,
    case when state = 'reads' then {{ to_count('median_t') }} end as median_days,
    case when state = 'reads' then {{ to_count('median_low') }} end as median_days_low,
    case when state = 'reads' then {{ to_count('median_high') }} end as median_days_high,
    case when state = 'reads' then {{ to_double('finishers_mean') }} end as trap_mean_days_of_finishers
from stated
union all
select
    company_id, {{ to_text("'all'") }} as start_quarter, {{ to_text("'all'") }} as path,
    cast(null as {{ type_double() }}), cast(null as bigint), cast(null as bigint), {{ to_text('state') }},
    cast(null as {{ type_double() }}), cast(null as {{ type_double() }}), cast(null as bigint), cast(null as bigint), cast(null as bigint),
    cast(null as bigint), cast(null as {{ type_double() }})
from silent
