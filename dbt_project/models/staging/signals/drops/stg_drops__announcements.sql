with source as (
    {{ newest_version(source('drops', 'announcements'), keys=['announcement_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('announcement_id') }} as announcement_id,
        {{ to_text('announced_by_employee_id') }} as announced_by_employee_id,

        {{ to_text('program_code') }} as program_code,
        {{ to_text('channel') }} as channel,

        {{ to_timestamp('announced_at') }} as announced_at
    from source
)

select * from renamed
