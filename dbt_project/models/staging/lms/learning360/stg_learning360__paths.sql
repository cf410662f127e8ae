{# Days, weeks and months of an estimate are calendar time, not time spent: they give no minutes. #}
with source as (
    {{ newest_snapshot(source('learning360', 'paths'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('id') }} as course_id,
        {{ to_filled('additional_information') }} as course_code,

        {{ to_text('name') }} as course_name,
        {{ to_text("'path'") }} as course_type,

        case estimated_duration_unit
            when 'minute' then {{ to_double('estimated_duration') }}
            when 'hour' then {{ to_double('estimated_duration') }} * 60
        end as estimated_minutes,

        coalesce(status = 'published', false) as is_active,
        {{ to_filled('certificate_id') }} is not null as has_certificate,

        {{ to_timestamp('created_at') }} as created_at,
        {{ to_timestamp('modified_at') }} as updated_at
    from source
)

select * from renamed
