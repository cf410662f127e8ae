with source as (
    {{ newest_snapshot(source('moodle', 'grade_items'), keys=['item_id', 'user_id']) }}
),

renamed as (
    select
        {{ to_key('item_id') }} as grade_item_id,
        {{ to_key('course_id') }} || '/' || {{ to_text('user_id') }} as enrollment_id,
        {{ to_key('course_id') }} as course_id,
        {{ to_key('user_id') }} as learner_id,

        {{ to_text('item_type') }} as item_type,
        {{ to_text('item_module') }} as item_module,
        {{ to_text('item_name') }} as item_name,

        {{ ratio('grade_raw - grade_min', 'grade_max - grade_min') }} * 100 as score,

        item_type = 'course' as is_course_total,

        {{ moment_of_epoch('submitted_at') }} as submitted_at,
        {{ moment_of_epoch('graded_at') }} as graded_at
    from source
)

select * from renamed
