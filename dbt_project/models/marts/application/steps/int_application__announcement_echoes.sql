{{ config(schema='restricted', contract={'enforced': false}) }}

{# Announcement of a program x manager with reports that month: did the manager coach somebody on that program within 30 days? Only once 30 days have passed. #}
select
    announcements.company_id, announcements.announcement_id, managers.manager_person_key, managers.department,
    {{ month_start('announcements.announced_at') }} as month_start,
    max({{ one_if('coaching.event_id is not null') }}) as has_acted
from {{ ref('fct_announcements') }} as announcements
inner join {{ ref('dim_company') }} as company
    on announcements.company_id = company.company_id and {{ add_days_to_moment('announcements.announced_at', 30) }} <= company.as_of_at
inner join {{ ref('int_application__manager_months') }} as managers
    on announcements.company_id = managers.company_id and managers.month_start = {{ month_start('announcements.announced_at') }}
left join {{ ref('fct_coaching_events') }} as coaching
    on announcements.company_id = coaching.company_id and managers.manager_person_key = coaching.coach_person_key and coaching.has_learning_topic
    and announcements.program_code = coaching.program_code
    and coaching.occurred_at > announcements.announced_at and coaching.occurred_at <= {{ add_days_to_moment('announcements.announced_at', 30) }}
group by
    announcements.company_id, announcements.announcement_id, managers.manager_person_key, managers.department,
    {{ month_start('announcements.announced_at') }}
