with source as (
    {{ newest_version(source('drops', 'decisions'), keys=['decision_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('decision_id') }} as decision_id,
        {{ to_text('team_manager_employee_id') }} as team_manager_employee_id,

        {{ to_text('category') }} as category,

        {{ to_flag('used_learning') }} as used_learning,
        {{ to_flag('was_reversed') }} as was_reversed,

        {{ to_timestamp('decided_at') }} as decided_at
    from source
)

select * from renamed
