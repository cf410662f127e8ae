{% set by = ['company_id', 'role_title', 'start_quarter'] %}

with labeled as (
    select
        company_id, person_key, role_title, hired_date, as_of_date, competent_horizon_days, outcome, t,
        {{ to_text('extract(year from start_quarter)') }} || '-Q' || {{ to_text('extract(quarter from start_quarter)') }} as start_quarter
    from {{ ref('int_application__starts') }}
),

times as (
    {% for role in ['role_title', "'All roles'"] %}
    {% for quarter in ['start_quarter', "'all'"] %}
    select company_id, {{ role }} as role_title, {{ quarter }} as start_quarter, person_key, hired_date, as_of_date, competent_horizon_days, outcome, t
    from labeled
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        company_id, role_title, start_quarter, count(distinct person_key) as people, count(*) as starts,
        max(competent_horizon_days) as horizon_days,
        start_quarter = 'all' or max({{ days_between('hired_date', 'as_of_date') }}) is null
        or min({{ days_between('hired_date', 'as_of_date') }}) >= max(competent_horizon_days) as is_due,
        sum(case when outcome = 'event' then 1 else 0 end) as competent,
        sum(case when outcome = 'competing' then 1 else 0 end) as left_before,
        avg(case when outcome = 'event' then {{ to_double('t') }} end) as finishers_mean
    from times
    group by company_id, role_title, start_quarter
),

pass_0 as (
    select company_id, role_title, start_quarter, people, {{ rate_is_shown('people') }} as is_kept from counted
),

{# Totals stand over roles and over quarters, so passes over both alternate until nothing gives a group away. #}
{% for number in range(1, 7) %}
{% set total, parent = ("role_title = 'All roles'", 'start_quarter') if number % 2 else ("start_quarter = 'all'", 'role_title') %}
cells_{{ number }} as (
    select * from pass_{{ number - 1 }} where not ({{ total }})
),

pass_{{ number }} as (
    {{ hold_back_neighbors('cells_' ~ number, by, ['company_id', parent]) }}
    union all
    select * from pass_{{ number - 1 }} where {{ total }}
),

{% endfor %}
shares as (
    {{ aalen_johansen_share('times', by, 'competent_horizon_days') }}
),

medians as (
    {{ kaplan_meier_median('times', by) }}
),

stated as (
    select
        counted.*, shares.share, medians.median_t, medians.median_low, medians.median_high,
        case
            when shares.share > 0 and shares.share < 1 and shares.share_error > 0 then shares.share * (1 - shares.share) / power(shares.share_error, 2)
            else counted.starts
        end as effective_n,
        {{ rate_state(
            'counted.starts',
            'pass_6.is_kept',
            is_due='counted.is_due'
        ) }} as state
    from counted
    left join shares on {{ same('counted', 'shares', by) }}
    left join medians on {{ same('counted', 'medians', by) }}
    left join pass_6 on {{ same('counted', 'pass_6', by) }}
)

select
    company_id, {{ to_text('role_title') }} as role_title, {{ to_text('start_quarter') }} as start_quarter, {{ to_count('horizon_days') }} as horizon_days,
    case when state = 'reads' then {{ to_double('share') }} end as competent_by_horizon,
    case when state = 'reads' then {{ wilson_low('share * effective_n', 'effective_n') }} end as competent_by_horizon_low,
    case when state = 'reads' then {{ wilson_high('share * effective_n', 'effective_n') }} end as competent_by_horizon_high,
    case when state = 'reads' then {{ to_count('competent') }} end as competent_by_horizon_n,
    case when state = 'reads' then {{ to_count('starts') }} end as competent_by_horizon_denominator,
    {{ to_text('state') }} as competent_by_horizon_state,
    case when state = 'reads' then {{ to_count('left_before') }} end as left_before_competent,
    case when state = 'reads' then {{ to_count('median_t') }} end as median_days_if_staying,
    case when state = 'reads' then {{ to_count('median_low') }} end as median_days_if_staying_low,
    case when state = 'reads' then {{ to_count('median_high') }} end as median_days_if_staying_high,
    case when state = 'reads' then {{ to_double('finishers_mean') }} end as trap_mean_days_of_finishers
from stated
