with source as (
    {{ newest_version(source('drops', 'retro_answers'), keys=['answer_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('answer_id') }} as answer_id,
        {{ to_text('ritual_id') }} as ritual_id,
        {{ to_text('employee_id') }} as employee_id,

        {{ to_flag('learned_something') }} as learned_something,
        {{ to_flag('will_do_differently') }} as will_do_differently,

        {{ to_timestamp('answered_at') }} as answered_at
    from source
)

select * from renamed
