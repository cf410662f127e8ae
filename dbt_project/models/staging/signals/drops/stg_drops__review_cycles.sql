with source as (
    {{ newest_version(source('drops', 'review_cycles'), keys=['cycle_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('cycle_id') }} as cycle_id,

        {{ to_flag('is_learning_rated') }} as is_learning_rated,

        {{ to_date('starts_on') }} as starts_on,
        {{ to_date('rating_date') }} as rating_date
    from source
)

select * from renamed
