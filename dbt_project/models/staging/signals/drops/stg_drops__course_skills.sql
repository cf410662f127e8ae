with source as (
    {{ newest_version(source('drops', 'course_skills'), keys=['course_code', 'skill_code'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('course_code') }} as course_code,
        {{ to_text('skill_code') }} as skill_code,

        {{ to_date('valid_from') }} as valid_from
    from source
)

select * from renamed
