with source as (
    {{ newest_snapshot(source('learning360', 'courses'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('id') }} as course_id,

        {{ to_text('name') }} as course_name,
        {{ to_text('type') }} as course_type,

        {{ to_double('duration') }} as estimated_minutes,

        coalesce(status = 'published', false) as is_active,
        false as has_certificate,

        {{ to_timestamp('created_at') }} as created_at,
        {{ to_timestamp('modified_at') }} as updated_at
    from source
)

select * from renamed
