with source as (
    {{ newest_version(source('drops', 'survey_responses'), keys=['response_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('response_id') }} as response_id,
        {{ to_text('employee_id') }} as employee_id,
        {{ to_text('manager_employee_id') }} as manager_employee_id,

        {{ to_text('instrument') }} as instrument,
        {{ to_text('item_code') }} as item_code,
        {{ to_text('subject_code') }} as subject_code,

        {{ to_count('wave_day') }} as wave_day,
        {{ to_double('score') }} as score,
        {{ to_double('maximum_score') }} as maximum_score,

        {{ to_timestamp('answered_at') }} as answered_at
    from source
)

select * from renamed
