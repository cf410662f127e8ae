{# Moodle tells no day of enrollment and only the last opening. An enrollment that was there at our first load has no day; one that
   came later has that of the load, or of the opening where that came before. The first opening is the earliest we were told of. #}
with source as (
    {{ newest_snapshot(source('moodle', 'enrollments'), keys=['course_id', 'user_id']) }}
),

first_seen as (
    select
        _source,
        course_id,
        user_id,
        min(_loaded_at) as first_seen_at,
        min(min(_loaded_at)) over (partition by _source) as first_load_at,
        min(case when last_course_access > 0 then last_course_access end) as first_opened
    from {{ source('moodle', 'enrollments') }}
    group by _source, course_id, user_id
),

renamed as (
    select
        {{ to_key('source.course_id') }} || '/' || {{ to_text('source.user_id') }} as enrollment_id,
        {{ to_key('source.course_id') }} as course_id,
        {{ to_key('source.user_id') }} as learner_id,

        case when source.last_course_access > 0 then 'in_progress' else 'not_started' end as status,

        {{ to_text('source.state') }} as vendor_status,

        source.state = 'active' as is_active,

        {{ to_timestamp('first_seen.first_seen_at') }} as first_seen_at,
        case
            when first_seen.first_seen_at > first_seen.first_load_at
                then least({{ to_timestamp('first_seen.first_seen_at') }}, {{ moment_of_epoch('first_seen.first_opened') }})
        end as enrolled_at,
        {{ moment_of_epoch('first_seen.first_opened') }} as first_opened_at,
        {{ moment_of_epoch('source.last_course_access') }} as last_opened_at
    from source
    inner join first_seen
        on source.course_id = first_seen.course_id and source.user_id = first_seen.user_id
        and {{ same_tenant('source', 'first_seen') }}
)

select * from renamed
