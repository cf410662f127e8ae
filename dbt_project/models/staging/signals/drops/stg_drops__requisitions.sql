with source as (
    {{ newest_version(source('drops', 'requisitions'), keys=['requisition_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('requisition_id') }} as requisition_id,
        {{ to_text('filled_by_employee_id') }} as filled_by_employee_id,

        {{ to_text('job_title') }} as job_title,
        {{ to_text('department') }} as department,
        {{ to_text('fill_type') }} as fill_type,

        {{ to_timestamp('opened_at') }} as opened_at,
        {{ to_timestamp('filled_at') }} as filled_at
    from source
)

select * from renamed
