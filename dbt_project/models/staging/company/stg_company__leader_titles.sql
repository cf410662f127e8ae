select {{ to_text('job_title') }} as job_title
from {{ source('company', 'leader_titles') }}
