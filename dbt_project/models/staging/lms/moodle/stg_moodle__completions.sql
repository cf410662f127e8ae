{# The day of completion is that of the last criterion; Moodle tells none for the course itself. A pair that was refused tells
   nothing, so it never takes the place of what was told before. #}
with told as (
    select *
    from {{ source('moodle', 'completions') }}
    where refused is null
),

source as (
    {{ newest_version('told', keys=['course_id', 'user_id'], cursor='last_course_access') }}
),

criteria as (
    select
        rows_of_pair._source,
        rows_of_pair.course_id,
        rows_of_pair.user_id,
        max({{ to_count("nullif(" ~ json_text('item.value', ['timecompleted']) ~ ", '')") }}) as completed_at
    from source as rows_of_pair {{ json_objects('rows_of_pair.completions', 'item') }}
    group by rows_of_pair._source, rows_of_pair.course_id, rows_of_pair.user_id
),

renamed as (
    select
        {{ to_key('source.course_id') }} || '/' || {{ to_text('source.user_id') }} as enrollment_id,
        {{ to_key('source.course_id') }} as course_id,
        {{ to_key('source.user_id') }} as learner_id,

        case when {{ to_text('source.completed') }} in ('true', '1') then 'completed' else 'in_progress' end as status,

        case when {{ to_text('source.completed') }} in ('true', '1') then {{ moment_of_epoch('criteria.completed_at') }} end as completed_at,
        {{ moment_of_epoch('source.last_course_access') }} as updated_at
    from source
    left join criteria
        on source.course_id = criteria.course_id and source.user_id = criteria.user_id and {{ same_tenant('source', 'criteria') }}
)

select * from renamed
