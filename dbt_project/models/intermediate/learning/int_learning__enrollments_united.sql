{# Moodle says whether a course was completed only where that is tracked. Elsewhere an enrollment has ended when all its items are
   graded: completed from the minimum score of company.yml on. Its score counts where something besides the course itself is graded. #}
with graded as (
    select
        enrollment_id,
        max(case when is_course_total then score end) as score,
        max(case when is_course_total then graded_at end) as graded_at,
        max({{ one_if('not is_course_total') }}) = 1 as is_assessed,
        max({{ one_if('score is null') }}) = 0 as is_ended
    from {{ ref('stg_moodle__grade_items') }}
    group by enrollment_id
),

judged as (
    select
        places.*,
        case
            when completions.status = 'completed' then 'completed'
            when not coalesce(graded.is_ended, false) then places.status
            when graded.score < company.competent_minimum_score then 'failed'
            when completions.enrollment_id is null then 'completed'
            else places.status
        end as settled_status,
        coalesce(completions.completed_at, graded.graded_at) as told_at,
        case when graded.is_assessed then graded.score end as score
    from {{ ref('stg_moodle__enrollments') }} as places
    left join {{ ref('stg_moodle__completions') }} as completions on places.enrollment_id = completions.enrollment_id
    left join graded on places.enrollment_id = graded.enrollment_id
    cross join {{ ref('stg_company__settings') }} as company
),

ended as (
    select judged.*, case when settled_status in ('completed', 'failed') then told_at end as ended_at
    from judged
)

select
    'absorb' as source, enrollment_id, learner_id, course_id, status, score, minutes_spent, is_active,
    enrollment_key_id is not null as is_self_enrolled, enrolled_at, started_at, completed_at, due_at
from {{ ref('stg_absorb__enrollments') }}

union all

select
    'learning360', enrollment_id, learner_id, course_id, status, score, minutes_spent,
    is_active and row_number() over (partition by learner_id, course_id order by enrolled_at desc, enrollment_id desc) = 1,
    is_self_enrolled, enrolled_at, started_at, completed_at, due_at
from {{ ref('stg_learning360__path_enrollments') }}

union all

select
    'moodle', enrollment_id, learner_id, course_id, settled_status, score, {{ to_double('null') }}, is_active, {{ to_flag('null') }},
    case when enrolled_at is not null then least(enrolled_at, ended_at) end,
    case when first_opened_at > ended_at then ended_at else first_opened_at end, ended_at, {{ to_timestamp('null') }}
from ended

union all

select
    'xapi', enrollment_id, learner_id, course_id, status, score, minutes_spent,
    row_number() over (partition by learner_id, course_id order by enrolled_at desc, enrollment_id desc) = 1,
    {{ to_flag('null') }}, enrolled_at, started_at, completed_at, due_at
from {{ ref('stg_xapi__enrollments') }}
