with source as (
    {{
        newest_version(
            source('absorb', 'certificates'), keys=['id'], cursor='acquired_date',
            swept=['absorb', 'enrollments', 'enrollment_id']
        )
    }}
),

renamed as (
    select
        {{ to_key('id') }} as certificate_id,
        {{ to_key('enrollment_id') }} as enrollment_id,

        {{ to_timestamp('acquired_date') }} as acquired_at,
        {{ to_timestamp('expiry_date') }} as expires_at
    from source
    where not is_gone
)

select * from renamed
