with source as (
    {{ newest_version(source('drops', 'goals'), keys=['goal_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('goal_id') }} as goal_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_text('goal_type') }} as goal_type,
        {{ to_text('skill_code') }} as skill_code,
        {{ to_text('status') }} as status,

        {{ to_date('due_date') }} as due_date,

        {{ to_timestamp('set_at') }} as set_at,
        {{ to_timestamp('closed_at') }} as closed_at
    from source
)

select * from renamed
