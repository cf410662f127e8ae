with source as (
    {{ newest_version(source('drops', 'rituals'), keys=['ritual_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('ritual_id') }} as ritual_id,
        {{ to_text('team_manager_employee_id') }} as team_manager_employee_id,

        {{ to_text('ritual_type') }} as ritual_type,

        {{ to_count('attendees') }} as attendees,

        {{ to_timestamp('held_at') }} as held_at
    from source
)

select * from renamed
