{% set missing = [('lms', 'system', 'reaches_lms_enrollments'),
    ('collaboration tools', 'collaboration', 'reaches_drops_collaboration_counts'),
    ('other systems', 'system', 'reaches_drops_learning_sessions')] %}
{% set none_or_five = "(people = 0 or " ~ count_is_shown('people') ~ ")" %}

with reach as (
    {{ reach_flags(['lms.enrollments', 'drops.learning_sessions', 'drops.collaboration_counts']) }}
),

counted as (
    select
        counts.company_id, counts.channel, counts.channel_kind, counts.week_start, counts.people, counts.surviving,
        counts.posts, counts.workers,
        counts.original_people, {{ to_double('counts.first_people_weeks') }} / 4 as people_at_start, true as has_rows
    from {{ ref('int_activity__channel_counts') }} as counts
    union all
    {% for channel, kind, flag in missing %}
    select
        company.company_id, '{{ channel }}', '{{ kind }}', {{ add_days(week_start('company.as_of_at'), -7) }}, null,
        null, null, null, null, null, false
    from {{ ref('dim_company') }} as company
    inner join reach on company.company_id = reach.company_id and not reach.{{ flag }}
    left join (select distinct company_id from {{ ref('int_activity__channel_counts') }} where channel = '{{ channel }}') as known
        on company.company_id = known.company_id
    where known.company_id is null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

stated as (
    select
        *,
        {{ rate_state('workers', '(' ~ rate_is_shown('workers') ~ ' and ' ~ none_or_five ~ ')', reaches_us='has_rows') }} as active_state,
        {{ rate_state('original_people', rate_is_shown('original_people'), reaches_us="(has_rows and channel_kind = 'system')") }} as surviving_state,
        {{ rate_state('people_at_start', '(' ~ rate_is_shown('people_at_start') ~ ' and ' ~ none_or_five ~ ')', reaches_us='has_rows') }} as level_state,
        {{ rate_state('people', rate_is_shown('people'), reaches_us="(has_rows and channel_kind = 'collaboration')") }} as posts_state
    from counted
)

select
    company_id, {{ to_text('channel') }} as channel, {{ to_text('channel_kind') }} as channel_kind, week_start,
    {{ rate_columns('active_share', 'case when people > workers then workers else people end', 'workers', 'active_state') }},
    {{ rate_columns('surviving_share', 'surviving', 'original_people', 'surviving_state') }},
    {{ rate_interval('surviving_share', 'surviving', 'original_people', 'surviving_state') }},
    case when level_state = 'reads' then {{ ratio('people', 'people_at_start') }} end as level_against_start,
    case when level_state = 'reads' then {{ to_count('people') }} end as level_against_start_n,
    case when level_state = 'reads' then {{ to_count('floor(people_at_start)') }} end as level_against_start_denominator,
    {{ to_text('level_state') }} as level_against_start_state,
    {{ rate_columns('posts_per_person', 'posts', 'people', 'posts_state') }}
from stated
