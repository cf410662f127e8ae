with source as (
    {{ newest_snapshot(source('learning360', 'groups'), keys=['id']) }}
),

renamed as (
    select
        {{ to_key('id') }} as department_id,
        {{ to_key('parent_id') }} as parent_department_id,
        {{ to_filled('custom') }} as external_id,

        {{ to_text('name') }} as department_name,

        {{ moment_of_epoch(number_of_hex8('id')) }} as created_at
    from source
)

select * from renamed
