with source as (
    {{ newest_version(source('workday', 'worker_history'), keys=['employee_id'], cursor='last_functionally_updated') }}
),

opened as (
    select source._source, source.employee_id, source.last_functionally_updated, item.value as status_row, item.position as row_number_in_record
    from source
    {{ json_objects('source.employment_history', 'item') }}
),

named as (
    select
        {{ to_key('employee_id') }} as employee_id,
        {{ to_count('row_number_in_record') }} as row_position,
        {{ json_text('status_row', ['Worker_Status']) }} as vendor_status,
        {{ json_text('status_row', ['Worker_Type']) }} as vendor_worker_type,
        {{ json_text('status_row', ['Termination_Category']) }} as vendor_termination_category,
        {{ to_date(json_text('status_row', ['Effective_Date'])) }} as valid_from,
        {{ to_timestamp(json_text('status_row', ['Entry_Moment'])) }} as known_from,
        {{ to_timestamp('last_functionally_updated') }} as updated_at
    from opened
),

translated as (
    select
        named.employee_id,
        named.row_position,

        named.vendor_status,
        case when coalesce(words.is_working, true) then coalesce(types.worker_type, 'employee') end as worker_type,
        case when coalesce(words.is_working, true) then null else coalesce(categories.termination_type, 'other') end as termination_type,

        coalesce(words.is_working, true) as is_working,

        named.valid_from,

        named.known_from,
        named.updated_at
    from named
    left join {{ ref('xwalk_workday_worker_status') }} as words on named.vendor_status = words.vendor_status
    left join {{ ref('xwalk_workday_worker_type') }} as types on named.vendor_worker_type = types.vendor_type
    left join {{ ref('xwalk_workday_termination_category') }} as categories
        on named.vendor_termination_category = categories.vendor_type
)

select * from translated
