with source as (
    {{ newest_snapshot(source('learning360', 'path_enrollments'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('source.id') }} as enrollment_id,
        {{ to_key('source.path_id') }} as course_id,
        {{ to_key('source.user_id') }} as learner_id,
        {{ to_key('source.session_id') }} as path_session_id,
        {{ to_filled_key('source.certificate_id') }} as certificate_id,

        case
            when words.status = 'in_progress' and source.started_at is null then 'not_started'
            else coalesce(words.status, 'other')
        end as status,

        {{ to_text('source.status_type') }} as vendor_status,
        {{ to_double('source.progress') }} as progress,
        {{ to_double('source.score') }} as score,
        {# time comes in milliseconds #}
        {{ to_double('source.time_spent') }} / 60000 as minutes_spent,

        source.unenrolled_at is null as is_active,
        coalesce({{ to_flag('source.self_enrolled') }}, false) as is_self_enrolled,

        {{ to_timestamp('source.enrolled_at') }} as enrolled_at,
        {{ to_timestamp('source.started_at') }} as started_at,
        {{ to_timestamp('source.completed_at') }} as completed_at,
        {{ to_timestamp('source.due_date') }} as due_at,
        {{ to_timestamp('coalesce(source.unenrolled_at, source.completed_at, source.started_at, source.enrolled_at)') }} as updated_at
    from source
    left join {{ ref('xwalk_learning360_path_status') }} as words on source.status_type = words.vendor_status
)

select * from renamed
