with source as (
    {{ newest_version(source('drops', 'practice_tasks'), keys=['practice_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('practice_id') }} as practice_id,
        {{ to_text('employee_id') }} as employee_id,
        {{ to_text('feedback_by_employee_id') }} as feedback_by_employee_id,

        {{ to_text('skill_code') }} as skill_code,
        {{ to_text('program_code') }} as program_code,

        {{ to_count('quality') }} as quality,

        {{ to_flag('is_micro') }} as is_micro,

        {{ to_timestamp('assigned_at') }} as assigned_at,
        {{ to_timestamp('done_at') }} as done_at,
        {{ to_timestamp('feedback_at') }} as feedback_at
    from source
)

select * from renamed
