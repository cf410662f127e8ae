with source as (
    {{ newest_version(source('absorb', 'enrollments'), keys=['id'], cursor='date_edited', swept=['absorb', 'enrollments']) }}
),

renamed as (
    select
        {{ to_key('source.id') }} as enrollment_id,
        {{ to_key('source.course_id') }} as course_id,
        {{ to_key('source.user_id') }} as learner_id,
        {{ to_filled_key('source.enrollment_key_id') }} as enrollment_key_id,
        {{ to_filled_key('source.certificate_id') }} as certificate_id,
        {{ to_key('source.course_version_id') }} as course_version_id,

        coalesce(words.status, 'other') as status,

        {{ to_count('source.status') }} as vendor_status,
        {{ to_double('source.progress') }} as progress,
        {{ to_double('source.score') }} as score,
        {# a tick is 100 nanoseconds #}
        {{ to_double('source.time_spent_ticks') }} / 600000000.0 as minutes_spent,

        coalesce({{ to_flag('source.is_active') }}, true) as is_active,

        {{ to_timestamp('source.date_added') }} as enrolled_at,
        {{ to_timestamp('source.date_started') }} as started_at,
        {{ to_timestamp('source.date_completed') }} as completed_at,
        {{ to_timestamp('source.date_due') }} as due_at,
        {{ to_timestamp('source.date_edited') }} as updated_at
    from source
    left join {{ ref('xwalk_absorb_enrollment_status') }} as words on source.status = words.vendor_status
    where not source.is_gone
)

select * from renamed
