with source as (
    {{ newest_snapshot(source('hibob', 'work_history'), keys=['employee_id']) }}
),

opened as (
    select source._source, source.employee_id, source._loaded_at, item.value as work_row, item.position as row_number_in_record
    from source
    {{ json_objects('source.entries', 'item') }}
),

renamed as (
    select
        {{ to_key('employee_id') }} as employee_id,
        {{ to_count('row_number_in_record') }} as row_position,
        {{ to_filled_key(json_text('work_row', ['reportsTo', 'id']), '_source') }} as manager_employee_id,

        {{ json_text('work_row', ['title']) }} as job_title,
        {{ json_text('work_row', ['department']) }} as department,
        {{ json_text('work_row', ['site']) }} as location,

        {{ to_date(json_text('work_row', ['effectiveDate'])) }} as valid_from,

        {{ to_timestamp('_loaded_at') }} as known_at
    from opened
)

select * from renamed
