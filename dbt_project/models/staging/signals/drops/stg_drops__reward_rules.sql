with source as (
    {{ newest_version(source('drops', 'reward_rules'), keys=['rule_id'], cursor='_seq') }}
),

renamed as (
    select
        {{ to_text('rule_id') }} as rule_id,
        {{ to_text('policy_id') }} as policy_id,

        {{ to_text('rewards') }} as rewards,

        {{ to_date('valid_from') }} as valid_from,
        {{ to_date('valid_to') }} as valid_to
    from source
)

select * from renamed
