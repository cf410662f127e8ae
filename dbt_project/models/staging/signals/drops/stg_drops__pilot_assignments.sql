with source as (
    {{ newest_version(source('drops', 'pilot_assignments'), keys=['pilot_id', 'team_manager_employee_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('pilot_id') }} as pilot_id,
        {{ to_text('team_manager_employee_id') }} as team_manager_employee_id,

        {{ to_text('arm') }} as arm,
        {{ to_text('stratum') }} as stratum,

        {{ to_flag('randomized') }} as is_randomized,

        {{ to_timestamp('assigned_at') }} as assigned_at
    from source
)

select * from renamed
