with ids_of_learners as (
    select
        target_id as learner_id,
        external_id,
        row_number() over (partition by target_id order by external_id_id) as position
    from {{ ref('stg_learning360__external_ids') }}
    where target_type = 'user' and external_id is not null
),

learners as (
    select
        'absorb' as source, 'users' as list_name, learner_id, identity_key, email_key, email_domain, external_id, audience, is_active,
        created_at, coalesce(terminated_at, updated_at) as last_changed_at
    from {{ ref('stg_absorb__users') }}
    union all
    select
        'learning360', 'users', users.learner_id, users.identity_key, users.email_key, users.email_domain, ids_of_learners.external_id,
        users.audience, users.is_active, users.created_at, users.updated_at
    from {{ ref('stg_learning360__users') }} as users
    left join ids_of_learners on users.learner_id = ids_of_learners.learner_id and ids_of_learners.position = 1
    union all
    select 'moodle', 'users', learner_id, identity_key, email_key, email_domain, external_id, audience, is_active, created_at, updated_at
    from {{ ref('stg_moodle__users') }}
    union all
    select
        'xapi', 'actors', learner_id, identity_key, email_key, email_domain, external_id,
        cast(null as {{ type_text() }}), is_active, created_at, updated_at
    from {{ ref('stg_xapi__actors') }}
)

select
    source,
    list_name,
    learner_id,
    identity_key,
    email_key,
    email_domain,
    external_id,
    audience,
    is_active,
    created_at,
    case when not is_active then last_changed_at end as closed_at
from learners
