with source as (
    {{ newest_version(source('bamboohr', 'job_info'), keys=['employee_id'], cursor='last_changed') }}
),

opened as (
    select source._source, source.employee_id, source.last_changed, item.value as job_row, item.position as row_number_in_record
    from source
    {{ json_objects('source.rows', 'item') }}
),

renamed as (
    select
        {{ to_key('employee_id') }} as employee_id,
        {{ to_count('row_number_in_record') }} as row_position,

        {{ json_text('job_row', ['jobTitle']) }} as job_title,
        {{ json_text('job_row', ['department']) }} as department,
        {{ json_text('job_row', ['division']) }} as division,
        {{ json_text('job_row', ['location']) }} as location,
        {# the vendor sends the manager's name here, never an id: hashed at once, so that no name is kept #}
        {{ to_key(name_key(json_text('job_row', ['reportsTo'])), '_source') }} as manager_name_key,

        {{ to_date(json_text('job_row', ['date'])) }} as valid_from,

        {{ to_timestamp('last_changed') }} as updated_at
    from opened
)

select * from renamed
