with source as (
    {{ newest_version(source('drops', 'objectives'), keys=['objective_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('objective_id') }} as objective_id,
        {{ to_text('owner_employee_id') }} as owner_employee_id,

        {{ to_text('objective_name') }} as objective_name,

        {{ to_count('horizon_year') }} as horizon_year,

        {{ to_date('valid_from') }} as valid_from
    from source
)

select * from renamed
