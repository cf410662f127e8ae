select 'absorb' as source, certificate_id, enrollment_id, acquired_at, expires_at
from {{ ref('stg_absorb__certificates') }}
union all
select 'learning360', certificates.certificate_id, enrollments.enrollment_id, certificates.acquired_at, certificates.expires_at
from {{ ref('stg_learning360__certificates') }} as certificates
left join (
    select certificate_id, min(enrollment_id) as enrollment_id
    from {{ ref('stg_learning360__path_enrollments') }}
    where certificate_id is not null
    group by certificate_id
) as enrollments on certificates.certificate_id = enrollments.certificate_id
