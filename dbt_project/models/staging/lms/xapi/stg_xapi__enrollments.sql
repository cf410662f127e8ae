with source as (
    {{ standing_statements(source('xapi', 'statements')) }}
),

told as (
    select
        source._source,
        source.registration,
        source.object_id,
        source.identity_key,
        words.verb,
        coalesce(source.happened_at, source.stored) as occurred_at,
        source.stored,
        case
            when source.score_scaled is not null then greatest({{ to_double('source.score_scaled') }}, 0) * 100
            when source.score_max > coalesce(source.score_min, 0)
                then (source.score_raw - coalesce(source.score_min, 0)) * 100 / (source.score_max - coalesce(source.score_min, 0))
        end as score,
        {{ minutes_of_duration('source.duration') }} as minutes_spent
    from source
    inner join {{ ref('xwalk_xapi_verb') }} as words on source.verb_id = words.vendor_verb
    where words.is_enrollment and source.registration is not null and source.identity_key is not null
),

ranked as (
    select
        told.*,
        case verb when 'completed' then 4 when 'waived' then 3 when 'failed' then 2 when 'started' then 1 else 0 end as step
    from told
),

summed as (
    select
        _source,
        registration,
        min(object_id) as object_id,
        min(identity_key) as identity_key,
        max(step) as step,
        max(case when step in (2, 4) then score end) as score,
        max(case when step in (2, 4) then minutes_spent end) as minutes_spent,
        min(occurred_at) as enrolled_at,
        min(case when step <> 0 then occurred_at end) as started_at,
        max(case when step >= 2 then occurred_at end) as completed_at,
        max(stored) as stored
    from ranked
    group by _source, registration
),

renamed as (
    select
        {{ to_key('registration') }} as enrollment_id,
        {{ to_key('object_id') }} as course_id,
        {{ to_key('identity_key') }} as learner_id,
        cast(null as {{ type_text() }}) as enrollment_key_id,
        cast(null as {{ type_text() }}) as certificate_id,
        cast(null as {{ type_text() }}) as course_version_id,

        case step when 4 then 'completed' when 3 then 'waived' when 2 then 'failed' when 1 then 'in_progress' else 'not_started' end as status,

        cast(null as bigint) as vendor_status,
        {{ to_double('null') }} as progress,
        {{ to_double('score') }} as score,
        {{ to_double('minutes_spent') }} as minutes_spent,

        true as is_active,

        {{ to_timestamp('enrolled_at') }} as enrolled_at,
        {{ to_timestamp('started_at') }} as started_at,
        {{ to_timestamp('completed_at') }} as completed_at,
        {{ to_timestamp('null') }} as due_at,
        {{ to_timestamp('stored') }} as updated_at
    from summed
)

select * from renamed
