{{ config(schema='restricted') }}

with certificates as (
    select
        enrollment_id,
        acquired_at,
        expires_at,
        row_number() over (partition by enrollment_id, acquired_at order by expires_at desc nulls first, certificate_id asc) as position
    from {{ ref('int_learning__certificates_united') }}
    where enrollment_id is not null and acquired_at is not null
)

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('certificates.enrollment_id') }} as enrollment_id,
    {{ to_text('learners.person_key') }} as person_key,
    {{ to_text('enrollments.course_id') }} as course_id,
    {{ to_timestamp('certificates.acquired_at') }} as acquired_at,
    {{ to_timestamp('certificates.expires_at') }} as expires_at
from certificates
left join {{ ref('int_learning__enrollments_united') }} as enrollments on certificates.enrollment_id = enrollments.enrollment_id
left join {{ ref('int_people__identities_matched') }} as learners
    on learners.population = 'learner' and enrollments.source = learners.vendor
    and enrollments.learner_id = learners.source_identity_id
cross join {{ ref('stg_company__settings') }} as company
where certificates.position = 1
