with source as (
    {{ newest_version(source('drops', 'learning_sessions'), keys=['session_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('session_id') }} as session_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_text('system') }} as system,
        {{ to_text('course_code') }} as course_code,
        {{ to_text('device') }} as device,

        {{ to_count('raw_seconds') }} as raw_seconds,
        {{ to_count('engaged_seconds') }} as engaged_seconds,
        {{ to_count('interactions') }} as interactions,

        {{ to_timestamp('started_at') }} as started_at,
        {{ to_timestamp('ended_at') }} as ended_at
    from source
)

select * from renamed
