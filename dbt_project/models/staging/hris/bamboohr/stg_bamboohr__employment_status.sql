with source as (
    {{ newest_version(source('bamboohr', 'employment_status'), keys=['employee_id'], cursor='last_changed') }}
),

opened as (
    select source._source, source.employee_id, source.last_changed, item.value as status_row, item.position as row_number_in_record
    from source
    {{ json_objects('source.rows', 'item') }}
),

named as (
    select
        {{ to_key('employee_id') }} as employee_id,
        {{ to_count('row_number_in_record') }} as row_position,
        {{ json_text('status_row', ['employmentStatus']) }} as vendor_status,
        {{ json_text('status_row', ['terminationTypeId']) }} as vendor_termination_type,
        {{ to_date(json_text('status_row', ['date'])) }} as valid_from,
        {{ to_timestamp('last_changed') }} as updated_at
    from opened
),

translated as (
    select
        named.employee_id,
        named.row_position,

        named.vendor_status,
        words.worker_type,
        case when words.is_working then null else coalesce(types.termination_type, 'other') end as termination_type,

        coalesce(words.is_working, true) as is_working,

        named.valid_from,

        named.updated_at
    from named
    left join {{ ref('xwalk_bamboohr_employment_status') }} as words on named.vendor_status = words.vendor_status
    left join {{ ref('xwalk_bamboohr_termination_type') }} as types on named.vendor_termination_type = types.vendor_type
)

select * from translated
