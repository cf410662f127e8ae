with source as (
    {{ newest_version(source('drops', 'buddy_assignments'), keys=['assignment_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('assignment_id') }} as assignment_id,
        {{ to_text('employee_id') }} as employee_id,
        {{ to_text('buddy_employee_id') }} as buddy_employee_id,

        {{ to_timestamp('assigned_at') }} as assigned_at,
        {{ to_timestamp('ended_at') }} as ended_at
    from source
)

select * from renamed
