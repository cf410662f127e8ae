with source as (
    {{ newest_version(source('drops', 'collaboration_counts'), keys=['channel', 'department', 'week_start'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('channel') }} as channel,
        {{ to_text('department') }} as department,

        {{ to_count('learning_posts') }} as learning_posts,
        {{ to_count('active_people') }} as active_people,

        {{ to_date('week_start') }} as week_start
    from source
)

select * from renamed
