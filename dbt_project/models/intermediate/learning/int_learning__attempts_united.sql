{# Only 360Learning tells attempts one by one. An attempt at a step of a path belongs to the enrollment in the path during which it
   began, else to the newest the learner had then; attempts at courses outside of paths belong to none and are left out. #}
with placed as (
    select
        attempts.attempt_id,
        enrollments.enrollment_id,
        attempts.score,
        attempts.completed_at,
        attempts.updated_at,
        row_number() over (
            partition by attempts.attempt_id
            order by
                case when attempts.started_at between enrollments.started_at and enrollments.completed_at then 0 else 1 end asc,
                enrollments.enrolled_at desc, enrollments.enrollment_id desc
        ) as position
    from {{ ref('stg_learning360__attempts') }} as attempts
    inner join {{ ref('stg_learning360__path_enrollments') }} as enrollments
        on attempts.path_id = enrollments.course_id and attempts.path_session_id = enrollments.path_session_id
        and attempts.learner_id = enrollments.learner_id and attempts.started_at >= enrollments.enrolled_at
    where attempts.score is not null
)

select
    'learning360' as source,
    attempt_id,
    enrollment_id,
    row_number() over (partition by enrollment_id order by coalesce(completed_at, updated_at), attempt_id) as attempt_number,
    score,
    coalesce(completed_at, updated_at) as attempted_at
from placed
where position = 1
