{# Moodle tells no day of enrollment: first_seen_at is the night on which we first saw it, which for all of the first load is late. #}
with source as (
    {{ newest_snapshot(source('moodle', 'enrollments'), keys=['course_id', 'user_id']) }}
),

first_seen as (
    select course_id, user_id, min(_loaded_at) as first_seen_at
    from {{ source('moodle', 'enrollments') }}
    group by course_id, user_id
),

renamed as (
    select
        {{ to_text('source.course_id') }} || '/' || {{ to_text('source.user_id') }} as enrollment_id,
        {{ to_text('source.course_id') }} as course_id,
        {{ to_text('source.user_id') }} as learner_id,

        case when source.last_course_access > 0 then 'in_progress' else 'not_started' end as status,

        {{ to_text('source.state') }} as vendor_status,

        source.state = 'active' as is_active,

        {{ to_timestamp('first_seen.first_seen_at') }} as first_seen_at,
        {{ moment_of_epoch('source.last_course_access') }} as last_opened_at
    from source
    inner join first_seen on source.course_id = first_seen.course_id and source.user_id = first_seen.user_id
)

select * from renamed
