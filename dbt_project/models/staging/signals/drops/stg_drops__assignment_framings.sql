with source as (
    {{ newest_version(source('drops', 'assignment_framings'), keys=['framing_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('framing_id') }} as framing_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_text('course_code') }} as course_code,
        {{ to_text('assigned_by') }} as assigned_by,
        {{ to_text('framing') }} as framing,

        {{ to_count('reinforcements_sent') }} as reinforcements_sent,
        {{ to_count('reinforcements_acted') }} as reinforcements_acted,

        {{ to_timestamp('sent_at') }} as sent_at
    from source
)

select * from renamed
