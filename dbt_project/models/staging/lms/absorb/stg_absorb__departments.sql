with source as (
    {{ newest_version(source('absorb', 'departments'), keys=['id'], cursor='date_edited', swept=['absorb', 'departments']) }}
),

renamed as (
    select
        {{ to_key('id') }} as department_id,
        {{ to_key('parent_id') }} as parent_department_id,
        {{ to_filled('external_id') }} as external_id,

        {{ to_text('name') }} as department_name,

        {{ to_timestamp('date_added') }} as created_at,
        {{ to_timestamp('date_edited') }} as updated_at
    from source
    where not is_gone
)

select * from renamed
