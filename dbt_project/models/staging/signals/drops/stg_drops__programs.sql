with source as (
    {{ newest_version(source('drops', 'programs'), keys=['program_code'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('program_code') }} as program_code,
        {{ to_text('sponsor_employee_id') }} as sponsor_employee_id,
        {{ to_text('owner_employee_id') }} as owner_employee_id,
        {{ to_text('objective_id') }} as objective_id,

        {{ to_text('program_name') }} as program_name,
        {{ to_text('modality') }} as modality,
        {{ to_text('audience') }} as audience,

        {{ to_double('planned_reach_share') }} as planned_reach_share,

        {{ to_date('launch_date') }} as launch_date
    from source
)

select * from renamed
