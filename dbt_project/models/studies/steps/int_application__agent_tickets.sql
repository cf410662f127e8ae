{{ config(schema='restricted') }}

{# One row per solved ticket of a category agents are trained for, with the month its agent finished that training. #}
with trained as (
    select enrollments.company_id, enrollments.person_key, courses.ticket_category, min(enrollments.completed_at) as trained_at
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_courses') }} as courses
        on enrollments.company_id = courses.company_id and enrollments.course_id = courses.course_id
    where courses.ticket_category is not null and enrollments.is_verified_completion and enrollments.completed_at is not null
    group by enrollments.company_id, enrollments.person_key, courses.ticket_category
),

categories as (
    select distinct company_id, ticket_category from {{ ref('dim_courses') }} where ticket_category is not null
)

select
    tickets.company_id, tickets.ticket_category, tickets.assignee_person_key as agent_key, tickets.ticket_id,
    {{ month_start('tickets.created_at') }} as month_start,
    cast(extract(year from tickets.created_at) * 12 + extract(month from tickets.created_at) as integer) as month_number,
    cast(extract(year from trained.trained_at) * 12 + extract(month from trained.trained_at) as integer) as trained_month,
    coalesce(trained.trained_at < {{ month_start('tickets.created_at') }}, false) as is_trained,
    tickets.resolution_hours, tickets.first_reply_minutes, tickets.reopen_count, tickets.satisfaction
from {{ ref('fct_tickets') }} as tickets
inner join categories
    on tickets.company_id = categories.company_id and tickets.ticket_category = categories.ticket_category
left join trained
    on tickets.company_id = trained.company_id and tickets.assignee_person_key = trained.person_key
    and tickets.ticket_category = trained.ticket_category
where tickets.resolution_hours is not null and tickets.assignee_person_key is not null
