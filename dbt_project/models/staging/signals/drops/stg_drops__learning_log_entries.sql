with source as (
    {{ newest_version(source('drops', 'learning_log_entries'), keys=['entry_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('entry_id') }} as entry_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_text('topic') }} as topic,
        {{ to_text('shared_in') }} as shared_in,

        {{ to_flag('is_named') }} as is_named,

        {{ to_date('entry_date') }} as entry_date
    from source
)

select * from renamed
