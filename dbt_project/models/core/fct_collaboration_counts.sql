select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('counts.channel') }} as channel,
    {{ to_text('counts.department') }} as department,
    {{ to_date('counts.week_start') }} as week_start,
    {{ to_count('counts.learning_posts') }} as learning_posts,
    {{ to_count('counts.active_people') }} as active_people
from {{ ref('stg_drops__collaboration_counts') }} as counts
cross join {{ ref('stg_company__settings') }} as company
