{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('announcements.announcement_id') }} as announcement_id,
    {{ to_text('speakers.person_key') }} as announced_by_person_key,
    {{ to_timestamp('announcements.announced_at') }} as announced_at,
    {{ to_text('announcements.program_code') }} as program_code,
    {{ to_text('announcements.channel') }} as channel
from {{ ref('stg_drops__announcements') }} as announcements
left join {{ ref('int_people__employees_known') }} as speakers on announcements.announced_by_employee_id = speakers.employee_id
cross join {{ ref('stg_company__settings') }} as company
