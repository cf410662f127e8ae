with source as (
    {{ standing_statements(source('xapi', 'statements')) }}
),

activities as (
    select
        _source,
        object_id,
        object_name,
        object_kind,
        min(stored) over (partition by _source, object_id) as first_stored,
        max(stored) over (partition by _source, object_id) as last_stored,
        row_number() over (
            partition by _source, object_id
            order by case when object_name is null then 1 else 0 end asc, stored desc, id asc
        ) as name_rank
    from source
    where object_id is not null and coalesce(object_type, 'Activity') = 'Activity'
),

renamed as (
    select
        {{ to_key('object_id') }} as course_id,
        nullif({{ replaced('object_id', '^.*[/#:]', '') }}, '') as course_code,

        coalesce({{ to_text('object_name') }}, {{ to_text('object_id') }}) as course_name,
        nullif({{ replaced('object_kind', '^.*[/#:]', '') }}, '') as course_type,

        {{ to_double('null') }} as estimated_minutes,

        true as is_active,
        false as has_certificate,

        {{ to_timestamp('first_stored') }} as created_at,
        {{ to_timestamp('last_stored') }} as updated_at
    from activities
    where name_rank = 1
)

select * from renamed
