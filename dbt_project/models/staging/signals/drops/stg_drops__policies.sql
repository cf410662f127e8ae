with source as (
    {{ newest_version(source('drops', 'policies'), keys=['policy_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('policy_id') }} as policy_id,

        {{ to_text('policy_type') }} as policy_type,
        {{ to_text('course_code_prefix') }} as course_code_prefix,

        {{ to_double('threshold') }} as threshold,

        {{ to_date('valid_from') }} as valid_from,
        {{ to_date('valid_to') }} as valid_to
    from source
)

select * from renamed
