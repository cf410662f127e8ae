with source as (
    {{ newest_version(source('workday', 'worker_history'), keys=['employee_id'], cursor='last_functionally_updated') }}
),

opened as (
    select source._source, source.employee_id, source.last_functionally_updated, item.value as job_row, item.position as row_number_in_record
    from source
    {{ json_objects('source.job_history', 'item') }}
),

renamed as (
    select
        {{ to_key('employee_id') }} as employee_id,
        {{ to_count('row_number_in_record') }} as row_position,
        {{ to_filled_key(json_text('job_row', ['Manager_Employee_ID']), '_source') }} as manager_employee_id,

        {{ json_text('job_row', ['Job_Profile']) }} as job_title,
        {{ json_text('job_row', ['Supervisory_Organization']) }} as department,
        {{ json_text('job_row', ['Division']) }} as division,
        {{ json_text('job_row', ['Location']) }} as location,

        {{ to_date(json_text('job_row', ['Effective_Date'])) }} as valid_from,

        {{ to_timestamp(json_text('job_row', ['Entry_Moment'])) }} as known_from,
        {{ to_timestamp('last_functionally_updated') }} as updated_at
    from opened
)

select * from renamed
