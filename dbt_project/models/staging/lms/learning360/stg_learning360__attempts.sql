with source as (
    {{ newest_version(source('learning360', 'attempts'), keys=['id'], cursor='last_activity_at') }}
),

renamed as (
    select
        {{ to_key('id') }} as attempt_id,
        {{ to_key('course_id') }} as course_id,
        {{ to_key('user_id') }} as learner_id,
        {{ to_key('path_id') }} as path_id,
        {{ to_key('path_session_id') }} as path_session_id,
        {{ to_key('version_number') }} as course_version_id,

        case when completed_at is null then 'in_progress' else 'completed' end as status,

        {{ to_double('progress') }} as progress,
        {{ to_double('score') }} as score,
        {# time comes in milliseconds #}
        {{ to_double('time_spent') }} / 60000 as minutes_spent,

        {{ to_timestamp('first_activity_at') }} as started_at,
        {{ to_timestamp('completed_at') }} as completed_at,
        {{ to_timestamp('last_activity_at') }} as updated_at
    from source
)

select * from renamed
