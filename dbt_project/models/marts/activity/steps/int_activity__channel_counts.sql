{{ config(schema='restricted', contract={'enforced': false}) }}

{# Channel x whole week: people active, of them original ones, size of the original cohort, posts, and workers employed on the Monday. #}
with numbers as (
    {{ whole_numbers(520) }}
),

channels as (
    select
        company_id, channel, 'system' as channel_kind, min(first_week) as first_week,
        count(distinct case when is_original then person_key end) as original_people
    from {{ ref('int_activity__channel_people') }}
    group by company_id, channel
    union all
    select company_id, channel, 'collaboration', {{ week_start('min(week_start)') }}, null
    from {{ ref('fct_collaboration_counts') }}
    group by company_id, channel
),

weeks as (
    select
        channels.company_id, channels.channel, channels.channel_kind, channels.first_week, channels.original_people,
        {{ add_days('channels.first_week', '7 * numbers.n') }} as week_start
    from channels
    inner join {{ ref('dim_company') }} as company on channels.company_id = company.company_id
    cross join numbers
    where {{ add_days('channels.first_week', '7 * numbers.n + 7') }} <= {{ to_date('company.as_of_at') }}
),

used as (
    select
        company_id, channel, 'system' as channel_kind, week_start, count(*) as people,
        sum({{ one_if('is_original') }}) as surviving, {{ to_count('null') }} as posts
    from {{ ref('int_activity__channel_people') }}
    group by company_id, channel, week_start
    union all
    select
        company_id, channel, 'collaboration', {{ week_start('week_start') }}, {{ to_count('sum(active_people)') }}, null,
        {{ to_count('sum(learning_posts)') }}
    from {{ ref('fct_collaboration_counts') }}
    group by company_id, channel, {{ week_start('week_start') }}
),

employed as (
    select mondays.company_id, mondays.week_start, count(distinct workers.person_key) as workers
    from (select distinct company_id, week_start from weeks) as mondays
    inner join {{ ref('dim_worker_history') }} as workers
        on mondays.company_id = workers.company_id and workers.valid_from <= mondays.week_start
        and (workers.valid_to is null or workers.valid_to > mondays.week_start)
    group by mondays.company_id, mondays.week_start
)

select
    weeks.*, coalesce(used.people, 0) as people, coalesce(used.surviving, 0) as surviving, used.posts,
    coalesce(employed.workers, 0) as workers,
    sum(case when weeks.week_start < {{ add_days('weeks.first_week', 28) }} then coalesce(used.people, 0) end)
        over (partition by weeks.company_id, weeks.channel, weeks.channel_kind) as first_people_weeks
from weeks
left join used on {{ same('weeks', 'used', ['company_id', 'channel', 'channel_kind', 'week_start']) }}
left join employed on {{ same('weeks', 'employed', ['company_id', 'week_start']) }}
