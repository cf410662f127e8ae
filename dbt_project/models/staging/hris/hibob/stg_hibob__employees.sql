with source as (
    {{ newest_snapshot(source('hibob', 'employees'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('source.id') }} as employee_id,
        {{ to_text('source.identity_key') }} as identity_key,

        {{ to_text('source.email_key') }} as email_key,
        {{ to_text('source.email_domain') }} as email_domain,
        {{ to_text('source.title') }} as job_title,
        {{ to_text('source.department') }} as department,
        {{ to_text('source.site') }} as location,
        {{ to_text('source.lifecycle_status') }} as employment_status,

        coalesce(words.is_working, lower({{ to_text('source.status') }}) = 'active') as is_active,

        {{ to_date('source.start_date') }} as hired_date,

        {{ to_timestamp('source._loaded_at') }} as known_at
    from source
    left join {{ ref('xwalk_hibob_lifecycle_status') }} as words on source.lifecycle_status = words.vendor_status
)

select * from renamed
