with source as (
    {{ newest_version(source('drops', 'role_skill_levels'), keys=['job_title', 'skill_code', 'valid_from'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('job_title') }} as job_title,
        {{ to_text('skill_code') }} as skill_code,

        {{ to_double('required_level') }} as required_level,

        {{ to_date('valid_from') }} as valid_from
    from source
)

select * from renamed
