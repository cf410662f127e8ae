{# HubSpot keeps the values that a property had; from one value to the next is a change, and the first one is none. #}
with source as (
    {{ newest_version(source('hubspot', 'company_owners'), keys=['id'], cursor='updated_at') }}
),

owners as (
    select
        {{ to_key('source.id') }} as account_id,
        item.position as position_from_newest,
        {{ to_filled_key(json_text('item.value', ['value']), 'source._source') }} as owner_id,
        {{ replaced(json_text('item.value', ['timestamp']), 'Z$', '') }} as changed_at
    from source
    {{ json_objects('source.owner_history', 'item') }}
),

followed as (
    select
        *,
        row_number() over (partition by account_id order by changed_at asc, position_from_newest desc) as place,
        lag(owner_id) over (partition by account_id order by changed_at asc, position_from_newest desc) as previous_owner_id
    from owners
),

renamed as (
    select
        account_id || ':' || changed_at || ':' || coalesce(owner_id, '') as change_id,
        account_id,

        'Owner' as field,
        previous_owner_id as old_value,
        owner_id as new_value,

        {{ to_timestamp('changed_at') }} as changed_at
    from followed
    where place > 1
)

select * from renamed
