with source as (
    {{ newest_version(source('drops', 'moments'), keys=['moment_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('moment_id') }} as moment_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_text('trigger_type') }} as trigger_type,
        {{ to_text('course_code') }} as course_code,

        {{ to_timestamp('occurred_at') }} as occurred_at,
        {{ to_timestamp('opened_at') }} as opened_at
    from source
)

select * from renamed
