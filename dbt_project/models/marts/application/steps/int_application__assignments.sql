{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per factor and assignment to a worker that is 90 days old: who chose or sent it, was it finished in 90 days, used, and used again? #}
with sent as (
    select
        enrollments.company_id, 'source' as factor, enrollments.enrollment_source as value, enrollments.enrollment_id as assignment_id, enrollments.person_key,
        enrollments.course_id, enrollments.enrolled_at as sent_at, enrollments.completed_at, enrollments.is_verified_completion,
        cast(null as bigint) as reinforcements_sent, cast(null as bigint) as reinforcements_acted
    from {{ ref('fct_enrollments') }} as enrollments
    where enrollments.enrolled_at is not null
    {% for factor in ['framing', 'assigned_by'] %}
    union all
    select
        framings.company_id, '{{ factor }}' as factor, framings.{{ factor }} as value, framings.framing_id as assignment_id, framings.person_key,
        framings.course_id, framings.sent_at, min(enrollments.completed_at) as completed_at, count(enrollments.completed_at) > 0 as is_verified_completion,
        max(framings.reinforcements_sent) as reinforcements_sent, max(framings.reinforcements_acted) as reinforcements_acted
    from {{ ref('fct_assignment_framings') }} as framings
    left join {{ ref('fct_enrollments') }} as enrollments
        on framings.company_id = enrollments.company_id and framings.person_key = enrollments.person_key and framings.course_id = enrollments.course_id
        and enrollments.is_verified_completion and enrollments.completed_at > framings.sent_at
    group by
        framings.company_id, framings.{{ factor }}, framings.framing_id, framings.person_key, framings.course_id, framings.sent_at
    {% endfor %}
),

due as (
    select
        sent.*, company.as_of_at, spells.terminated_date,
        {{ one_if('sent.is_verified_completion and sent.completed_at <= ' ~ add_days_to_moment('sent.sent_at', 90)) }} as is_completed
    from sent
    inner join {{ ref('dim_company') }} as company
        on sent.company_id = company.company_id and {{ add_days_to_moment('sent.sent_at', 90) }} <= company.as_of_at
    inner join {{ ref('dim_worker_spells') }} as spells
        on sent.company_id = spells.company_id and sent.person_key = spells.person_key and {{ to_date('sent.sent_at') }} >= spells.hired_date
        and (spells.terminated_date is null or {{ to_date('sent.sent_at') }} < spells.terminated_date)
),

used as (
    select
        due.company_id, due.factor, due.assignment_id,
        max({{ one_if('evidence.occurred_at <= ' ~ add_days_to_moment('due.completed_at', 30)) }}) as used_30, 1 as used_90,
        max({{ one_if('evidence.occurred_at > ' ~ add_days_to_moment('due.completed_at', 60)) }}) as used_again
    from due
    inner join {{ ref('bridge_program_courses') }} as programs on due.company_id = programs.company_id and due.course_id = programs.course_id
    inner join {{ ref('int_application__program_evidence') }} as evidence
        on due.company_id = evidence.company_id and due.person_key = evidence.person_key and programs.program_code = evidence.program_code
        and evidence.is_verified and evidence.occurred_at > due.completed_at
        and evidence.occurred_at <= {{ add_days_to_moment('due.completed_at', 90) }}
    where due.is_completed = 1
    group by due.company_id, due.factor, due.assignment_id
)

select
    due.company_id, due.factor, due.value, due.assignment_id, due.person_key, due.is_completed,
    {{ one_if(
        'due.is_completed = 1 and ' ~ add_days_to_moment('due.completed_at', 90) ~ ' <= due.as_of_at and (due.terminated_date is null or '
        ~ add_days('due.completed_at', 90) ~ ' < due.terminated_date)'
    ) }} as is_use_due,
    coalesce(used.used_90, 0) as used_90, coalesce(used.used_30, 0) as used_30, coalesce(used.used_30 * used.used_again, 0) as persisted,
    coalesce(due.reinforcements_sent, 0) as reinforcements_sent, coalesce(due.reinforcements_acted, 0) as reinforcements_acted
from due
left join used on {{ same('due', 'used', ['company_id', 'factor', 'assignment_id']) }}
