with source as (
    {{ newest_version(source('drops', 'kpi_observations'), keys=['unit_type', 'unit_id', 'kpi_code', 'period_start'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('unit_type') }} as unit_type,
        {{ to_text('unit_id') }} as unit_id,
        {{ to_text('kpi_code') }} as kpi_code,

        {{ to_text('direction') }} as direction,

        {{ to_double('value') }} as value,

        {{ to_date('period_start') }} as period_start
    from source
)

select * from renamed
