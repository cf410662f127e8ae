with source as (
    {{ newest_version(source('drops', 'skill_assessments'), keys=['assessment_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('assessment_id') }} as assessment_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_text('skill_code') }} as skill_code,
        {{ to_text('program_code') }} as program_code,
        {{ to_text('phase') }} as phase,
        {{ to_text('assessed_by') }} as assessed_by,

        {{ to_double('score') }} as score,
        {{ to_double('maximum_score') }} as maximum_score,
        {{ to_double('level') }} as level,

        {{ to_timestamp('assessed_at') }} as assessed_at
    from source
)

select * from renamed
