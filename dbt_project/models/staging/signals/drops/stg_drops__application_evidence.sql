with source as (
    {{ newest_version(source('drops', 'application_evidence'), keys=['evidence_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('evidence_id') }} as evidence_id,
        {{ to_text('employee_id') }} as employee_id,
        {{ to_text('observed_by_employee_id') }} as observed_by_employee_id,

        {{ to_text('evidence_type') }} as evidence_type,
        {{ to_text('program_code') }} as program_code,
        {{ to_text('skill_code') }} as skill_code,

        {{ to_timestamp('occurred_at') }} as occurred_at
    from source
)

select * from renamed
