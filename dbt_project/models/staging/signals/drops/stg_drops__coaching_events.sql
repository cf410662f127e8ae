with source as (
    {{ newest_version(source('drops', 'coaching_events'), keys=['event_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('event_id') }} as event_id,
        {{ to_text('coach_employee_id') }} as coach_employee_id,
        {{ to_text('coachee_employee_id') }} as coachee_employee_id,

        {{ to_text('event_type') }} as event_type,
        {{ to_text('program_code') }} as program_code,

        {{ to_count('minutes') }} as minutes,

        {{ to_flag('has_learning_topic') }} as has_learning_topic,

        {{ to_timestamp('occurred_at') }} as occurred_at
    from source
)

select * from renamed
