with source as (
    {{ newest_snapshot(source('hibob', 'lifecycle_history'), keys=['employee_id']) }}
),

opened as (
    select source._source, source.employee_id, source._loaded_at, item.value as status_row, item.position as row_number_in_record
    from source
    {{ json_objects('source.entries', 'item') }}
),

named as (
    select
        {{ to_key('employee_id') }} as employee_id,
        {{ to_count('row_number_in_record') }} as row_position,
        {{ json_text('status_row', ['status']) }} as vendor_status,
        lower({{ json_text('status_row', ['employeeStatus']) }}) as access_status,
        {{ json_text('status_row', ['reasonType']) }} as vendor_reason,
        {{ to_date(json_text('status_row', ['effectiveDate'])) }} as valid_from,
        {{ to_timestamp('_loaded_at') }} as known_at
    from opened
),

judged as (
    select named.*, coalesce(words.is_working, coalesce(named.access_status, 'active') <> 'inactive') as is_working
    from named
    left join {{ ref('xwalk_hibob_lifecycle_status') }} as words on named.vendor_status = words.vendor_status
),

translated as (
    select
        judged.employee_id,
        judged.row_position,

        judged.vendor_status,
        case when judged.is_working then null else coalesce(reasons.termination_type, 'other') end as termination_type,

        judged.is_working,

        judged.valid_from,

        judged.known_at
    from judged
    left join {{ ref('xwalk_hibob_termination_type') }} as reasons on judged.vendor_reason = reasons.vendor_type
)

select * from translated
