{# A record store tells sittings in courses; a file that tells sittings on the learning platform as well would count them twice,
   so the file goes first. #}
with sittings_of_files as (
    select count(*) as sittings
    from {{ ref('stg_drops__learning_sessions') }}
    where system = 'lms'
)

select
    'drops' as source, session_id, employee_id, cast(null as {{ type_text() }}) as learner_id, system, course_code,
    cast(null as {{ type_text() }}) as course_id, started_at, ended_at, raw_seconds, engaged_seconds, interactions, device
from {{ ref('stg_drops__learning_sessions') }}

union all

select
    'xapi', statements.statement_id, null, statements.learner_id, 'lms', courses.course_code, statements.course_id,
    statements.occurred_at, {{ add_seconds_to_moment('statements.occurred_at', to_nearest('statements.minutes_spent * 60')) }},
    {{ to_nearest('statements.minutes_spent * 60') }}, statements.engaged_seconds, statements.interactions, null
from {{ ref('stg_xapi__statements') }} as statements
inner join {{ ref('stg_xapi__courses') }} as courses on statements.course_id = courses.course_id
inner join sittings_of_files on sittings_of_files.sittings = 0
where statements.verb = 'experienced' and statements.minutes_spent > 0
