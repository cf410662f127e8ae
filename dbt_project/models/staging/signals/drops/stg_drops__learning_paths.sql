with source as (
    {{ newest_version(source('drops', 'learning_paths'), keys=['path_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('path_id') }} as path_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_flag('is_gap_based') }} as is_gap_based,

        {{ to_timestamp('assigned_at') }} as assigned_at,
        {{ to_timestamp('opened_at') }} as opened_at,
        {{ to_timestamp('first_gap_item_passed_at') }} as first_gap_item_passed_at
    from source
)

select * from renamed
