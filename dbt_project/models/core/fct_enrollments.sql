{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('enrollments.enrollment_id') }} as enrollment_id,
    {{ to_text('learners.person_key') }} as person_key,
    {{ to_text('enrollments.course_id') }} as course_id,
    {{ to_timestamp('enrollments.enrolled_at') }} as enrolled_at,
    {{ to_timestamp('enrollments.started_at') }} as started_at,
    {{ to_timestamp('enrollments.completed_at') }} as completed_at,
    {{ to_timestamp('enrollments.due_at') }} as due_at,
    {{ to_text('enrollments.status') }} as status,
    {{ to_flag("enrollments.status = 'completed'") }} as is_verified_completion,
    {{ to_double('enrollments.score') }} as score,
    case
        when enrollments.is_self_enrolled then 'self'
        when courses.is_mandatory then 'mandatory'
        when enrollments.is_self_enrolled is null then 'unknown'
        else 'assigned'
    end as enrollment_source,
    {{ to_double('enrollments.minutes_spent') }} as minutes_spent,
    {{ to_flag('enrollments.is_active') }} as is_active
from {{ ref('int_learning__enrollments_united') }} as enrollments
left join {{ ref('int_people__identities_matched') }} as learners
    on learners.population = 'learner' and enrollments.source = learners.vendor
    and enrollments.learner_id = learners.source_identity_id
left join {{ ref('int_learning__courses_classified') }} as courses on enrollments.course_id = courses.course_id
cross join {{ ref('stg_company__settings') }} as company
