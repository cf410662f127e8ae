with source as (
    {{ newest_version(source('drops', 'metric_targets'), keys=['metric_id', 'period_start', 'unit'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('metric_id') }} as metric_id,
        {{ to_text('unit') }} as unit,
        {{ to_text('sponsor_employee_id') }} as sponsor_employee_id,

        {{ to_double('target') }} as target,

        {{ to_date('period_start') }} as period_start,

        {{ to_timestamp('approved_at') }} as approved_at
    from source
)

select * from renamed
