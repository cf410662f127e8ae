with source as (
    {{ newest_version(source('absorb', 'courses'), keys=['id'], cursor='date_edited', swept=['absorb', 'courses']) }}
),

renamed as (
    select
        {{ to_key('id') }} as course_id,
        {{ to_filled('external_id') }} as course_code,

        {{ to_text('name') }} as course_name,
        {{ to_text('course_type') }} as course_type,

        {{ to_double('learner_time') }} * 60 as estimated_minutes,

        coalesce({{ to_count('active_status') }} = 0, false) as is_active,
        {{ to_filled('certificate_url') }} is not null as has_certificate,

        {{ to_timestamp('date_added') }} as created_at,
        {{ to_timestamp('date_edited') }} as updated_at
    from source
    where not is_gone
)

select * from renamed
