with source as (
    {{ newest_version(source('learning360', 'certificates'), keys=['id'], cursor='delivery_date') }}
),

renamed as (
    select
        {{ to_key('id') }} as certificate_id,
        {{ to_key('path_id') }} as course_id,
        {{ to_key('path_session_id') }} as path_session_id,

        {{ to_text('type') }} as certificate_type,

        {{ to_timestamp('delivery_date') }} as acquired_at,
        {{ to_timestamp('expiration_date') }} as expires_at
    from source
)

select * from renamed
