{% set keys = ['company_id', 'course_id', 'month_end', 'group_kind', 'department', 'audience'] %}

with reach as (
    {{ reach_flags(['lms.enrollments', 'lms.certificates', 'hris.employees']) }}
),

stated as (
    {{ stated_measures(ref('int_governance__compliance_measures'), keys, ['company_id', 'course_id', 'month_end', 'group_kind'], "group_kind = 'all'") }}
),

pivoted as (
    {{ pivoted_measures('stated', keys, ['compliance_rate', 'waived_share', 'unassigned_share', 'expiring_share', 'days_overdue']) }}
),

{# A company without any requirement still gets a row that says so. #}
groups as (
    select {{ keys | join(', ') }} from pivoted
    union all
    select
        company.company_id, 'all', {{ add_days(month_start('company.as_of_at'), -1) }}, 'all', 'All departments', 'all'
    from {{ ref('dim_company') }} as company
    left join (select distinct company_id from pivoted) as known on company.company_id = known.company_id
    where known.company_id is null
),

flagged as (
    select groups.*, reach.reaches_lms_enrollments and reach.reaches_hris_employees as lms, reach.reaches_lms_certificates as certificates
    from groups
    inner join reach on groups.company_id = reach.company_id
)

select
    flagged.company_id, {{ to_text('flagged.course_id') }} as course_id,
    {{ to_text("coalesce(courses.course_name, 'All requirements')") }} as course_name,
    flagged.month_end, {{ to_text('flagged.department') }} as department, {{ to_text('flagged.audience') }} as audience,
    {{ measure_columns('compliance_rate', 'flagged.lms') }},
    {{ rate_interval(
        'compliance_rate', 'pivoted.compliance_rate_n', 'pivoted.compliance_rate_denominator', "coalesce(pivoted.compliance_rate_state, 'too_few')"
    ) }},
    {{ measure_columns('waived_share', 'flagged.lms') }},
    {{ measure_columns('unassigned_share', 'flagged.lms') }},
    {{ measure_columns('expiring_share', 'flagged.certificates') }},
    {{ measure_columns('days_overdue', 'flagged.lms') }}
from flagged
left join pivoted on {{ same('flagged', 'pivoted', keys) }}
left join {{ ref('dim_courses') }} as courses on flagged.company_id = courses.company_id and flagged.course_id = courses.course_id
