with trained as (
    select enrollments.company_id, enrollments.person_key, min(enrollments.completed_at) as trained_at
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id
    {{ worker_at('workers', 'enrollments', 'person_key', 'completed_at') }}
    where (courses.is_owner_training or courses.role_title = workers.job_title) and enrollments.is_verified_completion and enrollments.completed_at is not null
    group by enrollments.company_id, enrollments.person_key
),

deals as (
    select
        deals.company_id, deals.opportunity_id, deals.owner_person_key, deals.type, {{ month_start('deals.closed_at') }} as month_start, deals.is_won,
        case when trained.trained_at < {{ month_start('deals.closed_at') }} then 'trained' else 'not_yet_trained' end as seller_group,
        case when deals.closed_at >= deals.created_at then {{ ratio(seconds_between('deals.created_at', 'deals.closed_at'), 86400) }} end as days_to_close
    from {{ ref('fct_opportunities') }} as deals
    inner join {{ ref('dim_company') }} as company on deals.company_id = company.company_id
    left join trained on deals.company_id = trained.company_id and deals.owner_person_key = trained.person_key
    where deals.is_closed and deals.type <> 'Renewal' and deals.owner_person_key is not null
        and deals.closed_at >= company.observed_from_at and deals.closed_at < company.as_of_at
),

measured as (
    select
        company_id, seller_group, month_start, count(distinct owner_person_key) as sellers, count(*) as deals, sum({{ one_if('is_won') }}) as won,
        count(days_to_close) as timed, {{ median('days_to_close') }} as median_days,
        count(case when is_won then days_to_close end) as won_timed, {{ median('case when is_won then days_to_close end') }} as median_days_won,
        count(distinct case when is_won then owner_person_key end) as sellers_winning
    from deals
    group by company_id, seller_group, month_start
),

{# a company without any deal still gets its newest month #}
framed as (
    select
        months.company_id, months.month_start, groups.seller_group,
        {% for column in ['sellers', 'deals', 'won', 'timed', 'won_timed', 'sellers_winning'] -%}
        coalesce(measured.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        measured.median_days, measured.median_days_won
    from {{ ref('int_application__months') }} as months
    cross join (
        select 'trained' as seller_group
        union all
        select 'not_yet_trained' as seller_group
    ) as groups
    left join measured
        on months.company_id = measured.company_id and months.month_start = measured.month_start and groups.seller_group = measured.seller_group
    where months.is_newest or measured.deals > 0
),

flags as (
    {{ reach_flags(['crm.opportunities']) }}
),

stated as (
    select
        framed.*,
        {% set reaches = 'flags.reaches_crm_opportunities' -%}
        {{ rate_state('framed.timed', rate_is_shown('framed.sellers'), reaches_us=reaches) }} as days_state,
        {{ rate_state('framed.won_timed', rate_is_shown('framed.sellers_winning'), reaches_us=reaches) }} as days_won_state,
        {{ rate_state('framed.deals', rate_is_shown('framed.sellers'), reaches_us=reaches) }} as won_state
    from framed
    inner join flags on framed.company_id = flags.company_id
)

select
    company_id, {{ to_text('seller_group') }} as seller_group, month_start,
    case when {{ count_is_shown('sellers') }} then {{ to_count('sellers') }} end as sellers,
    case when {{ count_is_shown('sellers') }} then {{ to_count('deals') }} end as deals,
    case when days_state = 'reads' then {{ to_double('median_days') }} end as median_days_to_close,
    case when days_state = 'reads' then {{ to_count('timed') }} end as median_days_to_close_n,
    case when days_state = 'reads' then {{ to_count('sellers') }} end as median_days_to_close_denominator,
    {{ to_text('days_state') }} as median_days_to_close_state,
    case when days_won_state = 'reads' then {{ to_double('median_days_won') }} end as median_days_to_win,
    case when days_won_state = 'reads' then {{ to_count('won_timed') }} end as median_days_to_win_n,
    case when days_won_state = 'reads' then {{ to_count('sellers_winning') }} end as median_days_to_win_denominator,
    {{ to_text('days_won_state') }} as median_days_to_win_state,
    {{ rate_columns('win_rate', 'won', 'deals', 'won_state') }},
    {{ rate_interval('win_rate', 'won', 'deals', 'won_state') }}
from stated
