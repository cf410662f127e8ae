with source as (
    {{ newest_version(source('drops', 'checkins'), keys=['checkin_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('checkin_id') }} as checkin_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_count('confidence') }} as confidence,

        {{ to_flag('manager_asked') }} as manager_asked,
        {{ to_flag('used_learning') }} as used_learning,

        {{ to_date('week_start') }} as week_start,

        {{ to_timestamp('answered_at') }} as answered_at
    from source
)

select * from renamed
