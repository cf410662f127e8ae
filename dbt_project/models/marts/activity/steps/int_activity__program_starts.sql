{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per program and worker whose required items have ended: the day counting starts, and the cohort. Required items are those others chose, of the
   first 90 days; one ends when it is completed or its due date passes. Who had none starts on the day of first enrollment. #}
with program_enrollments as (
    {% for program in ['bridge.program_code', "'All programs'"] %}
    select
        enrollments.company_id, {{ program }} as program_code, enrollments.person_key, enrollments.enrolled_at,
        enrollments.enrollment_source, enrollments.status,
        case
            when enrollments.due_at < company.as_of_at and enrollments.completed_at <= enrollments.due_at then enrollments.completed_at
            when enrollments.due_at < company.as_of_at then enrollments.due_at
            else enrollments.completed_at
        end as ended_at
    from {{ ref('fct_enrollments') }} as enrollments
    inner join {{ ref('dim_company') }} as company on enrollments.company_id = company.company_id
    inner join {{ ref('dim_people') }} as people on enrollments.company_id = people.company_id and enrollments.person_key = people.person_key
    {% if loop.first -%}
    inner join {{ ref('bridge_program_courses') }} as bridge on enrollments.company_id = bridge.company_id and enrollments.course_id = bridge.course_id
    {% endif -%}
    where not people.is_test and people.audience in ('employee', 'contractor') and enrollments.enrolled_at >= company.observed_from_at
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

firsts as (
    select company_id, program_code, person_key, min(enrolled_at) as entered_at
    from program_enrollments
    group by company_id, program_code, person_key
),

ends as (
    select
        items.company_id, items.program_code, items.person_key, {{ to_date('firsts.entered_at') }} as entered_date,
        sum({{ one_if("items.enrollment_source <> 'self' and items.status <> 'waived'") }}) as required_items,
        sum({{ one_if("items.enrollment_source <> 'self' and items.status <> 'waived' and items.ended_at is null") }}) as open_items,
        max(case when items.enrollment_source <> 'self' and items.status <> 'waived' then {{ to_date('items.ended_at') }} end) as last_end_date
    from program_enrollments as items
    inner join firsts on {{ same('items', 'firsts', ['company_id', 'program_code', 'person_key']) }}
    where {{ to_date('items.enrolled_at') }} <= {{ add_days('firsts.entered_at', 90) }}
    group by items.company_id, items.program_code, items.person_key, {{ to_date('firsts.entered_at') }}
),

zeroed as (
    select
        ends.*, programs.launch_date,
        case when ends.required_items = 0 then ends.entered_date else {{ add_days('ends.last_end_date', 1) }} end as zero_date,
        coalesce(ends.entered_date >= programs.launch_date and ends.entered_date < {{ add_days('programs.launch_date', 28) }}, false) as is_launch_cohort
    from ends
    left join {{ ref('dim_programs') }} as programs on ends.company_id = programs.company_id and ends.program_code = programs.program_code
    where ends.open_items = 0
)

select
    company_id, program_code, person_key, required_items, zero_date, is_launch_cohort,
    case when is_launch_cohort then launch_date else {{ quarter_start('zero_date') }} end as cohort_start
from zeroed
