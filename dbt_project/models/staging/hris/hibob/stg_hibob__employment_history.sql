with source as (
    {{ newest_snapshot(source('hibob', 'employment_history'), keys=['employee_id']) }}
),

opened as (
    select source._source, source.employee_id, source._loaded_at, item.value as contract_row, item.position as row_number_in_record
    from source
    {{ json_objects('source.entries', 'item') }}
),

named as (
    select
        {{ to_key('employee_id') }} as employee_id,
        {{ to_count('row_number_in_record') }} as row_position,
        {{ json_text('contract_row', ['contract']) }} as vendor_contract,
        lower({{ json_text('contract_row', ['isCurrent']) }}) as is_current_text,
        {{ to_date(json_text('contract_row', ['effectiveDate'])) }} as valid_from,
        {{ to_timestamp('_loaded_at') }} as known_at
    from opened
),

translated as (
    select
        named.employee_id,
        named.row_position,

        named.vendor_contract,
        coalesce(words.worker_type, 'employee') as worker_type,

        coalesce(named.is_current_text = 'true', false)
        and row_number() over (
            partition by named.employee_id, named.is_current_text order by named.valid_from desc, named.row_position desc
        ) = 1 as is_current,

        named.valid_from,

        named.known_at
    from named
    left join {{ ref('xwalk_hibob_contract') }} as words on named.vendor_contract = words.vendor_contract
)

select * from translated
