{# From when on a person counts as trained: the first verified completion of customer education, of a customer certificate, and
   of the owner training. A person without any of them is not here. #}
with completions as (
    select
        learners.person_key,
        courses.is_customer_education,
        courses.is_certificate,
        courses.is_owner_training,
        enrollments.completed_at
    from {{ ref('int_learning__enrollments_united') }} as enrollments
    inner join {{ ref('int_people__identities_matched') }} as learners
        on learners.population = 'learner' and enrollments.source = learners.vendor
        and enrollments.learner_id = learners.source_identity_id
    inner join {{ ref('int_learning__courses_classified') }} as courses on enrollments.course_id = courses.course_id
    where enrollments.status = 'completed' and enrollments.completed_at is not null
        and (courses.is_customer_education or courses.is_certificate or courses.is_owner_training)
)

select
    person_key,
    min(case when is_customer_education then completed_at end) as educated_at,
    min(case when is_certificate then completed_at end) as certified_at,
    min(case when is_owner_training then completed_at end) as owner_trained_at
from completions
group by person_key
