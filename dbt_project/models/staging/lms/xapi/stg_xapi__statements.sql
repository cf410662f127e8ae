with source as (
    {{ standing_statements(source('xapi', 'statements')) }}
),

renamed as (
    select
        {{ to_key('source.id') }} as statement_id,
        {{ to_key('source.identity_key') }} as learner_id,
        {{ to_key('source.object_id') }} as course_id,
        {{ to_key('source.registration') }} as enrollment_id,

        coalesce(words.verb, 'other') as verb,
        {{ to_text('source.verb_id') }} as vendor_verb,
        {{ to_text('source.platform') }} as platform,

        {# a score in points counts only with its bounds; scaled runs from -1 to 1 and a score below 0 is none #}
        case
            when source.score_scaled is not null then greatest({{ to_double('source.score_scaled') }}, 0) * 100
            when source.score_max > coalesce(source.score_min, 0)
                then (source.score_raw - coalesce(source.score_min, 0)) * 100 / (source.score_max - coalesce(source.score_min, 0))
        end as score,
        {{ minutes_of_duration('source.duration') }} as minutes_spent,
        {{ to_count('source.engaged_seconds') }} as engaged_seconds,
        {{ to_count('source.interactions') }} as interactions,

        {{ to_timestamp('coalesce(source.happened_at, source.stored)') }} as occurred_at,
        {{ to_timestamp('source.stored') }} as recorded_at
    from source
    left join {{ ref('xwalk_xapi_verb') }} as words on source.verb_id = words.vendor_verb
)

select * from renamed
