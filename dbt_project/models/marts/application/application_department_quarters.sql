{% set keys = ['company_id', 'quarter_start', 'department'] %}
{% set rates = [
    {'name': 'completion_rate', 'n': 'completed', 'denominator': 'assigned', 'people': 'people_assigned', 'interval': true, 'due': 'is_due'},
    {'name': 'application_rate_90', 'n': 'used', 'denominator': 'finished', 'people': 'people_finished', 'interval': true, 'reaches': 'reaches_use',
        'due': 'is_due'},
] %}

with assigned as (
    select
        enrollments.company_id, {{ quarter_start('enrollments.enrolled_at') }} as quarter_start, coalesce(workers.department, 'Unknown') as department,
        enrollments.person_key,
        {{ one_if('enrollments.is_verified_completion and enrollments.completed_at <= ' ~ add_days_to_moment('enrollments.enrolled_at', 90)) }} as is_completed
    from {{ ref('fct_enrollments') }} as enrollments
    {{ worker_at('workers', 'enrollments', 'person_key', 'enrolled_at') }}
    where enrollments.status <> 'waived'
),

{% for unit in ["'All departments'", 'department'] %}
{% set suffix = '_all' if loop.first else '_each' %}
completed{{ suffix }} as (
    select
        company_id, quarter_start, {{ unit }} as department, count(distinct person_key) as people_assigned, count(*) as assigned, sum(is_completed) as completed
    from assigned
    group by company_id, quarter_start{% if not loop.first %}, department{% endif %}
),

used{{ suffix }} as (
    select
        company_id, {{ quarter_start('completed_at') }} as quarter_start, {{ unit }} as department, count(distinct person_key) as people_finished,
        count(*) as finished, sum(used_90) as used
    from {{ ref('int_application__program_uses') }}
    where is_due_90 = 1
    group by company_id, {{ quarter_start('completed_at') }}{% if not loop.first %}, department{% endif %}
),

{% endfor %}
quarters as (
    select company_id, {{ quarter_start('month_start') }} as quarter_start, department
    from {{ ref('int_application__department_months') }}
    group by company_id, {{ quarter_start('month_start') }}, department
),

flags as (
    {{ reach_flags(['drops.application_evidence']) }}
),

framed as (
    select
        quarters.company_id, quarters.quarter_start, quarters.department,
        {% for table, columns in [('completed', ['people_assigned', 'assigned', 'completed']), ('used', ['people_finished', 'finished', 'used'])] -%}
        {% for column in columns -%}
        coalesce({{ table }}_all.{{ column }}, {{ table }}_each.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        {% endfor -%}
        {{ add_days_to_moment(add_months('quarters.quarter_start', 3), 90) }} <= company.as_of_at as is_due,
        coalesce(flags.reaches_drops_application_evidence, false) as reaches_use, company.checkbox_completion, company.checkbox_application
    from quarters
    inner join {{ ref('dim_company') }} as company on quarters.company_id = company.company_id
    {% for table in ['completed', 'used'] -%}
    {% for suffix in ['_all', '_each'] -%}
    left join {{ table }}{{ suffix }} on {{ same('quarters', table ~ suffix, keys) }}
    {% endfor -%}
    {% endfor -%}
    left join flags on quarters.company_id = flags.company_id
),

stated as (
    {{ with_rate_states('framed', keys, ['company_id', 'quarter_start'], "department = 'All departments'", rates) }}
)

select
    company_id, quarter_start, {{ to_text('department') }} as department,
    {{ published_rates(rates) }},
    {{ to_text("case
        when completion_rate_state <> 'reads' or application_rate_90_state <> 'reads' then null
        when " ~ ratio('completed', 'assigned') ~ " >= checkbox_completion and " ~ ratio('used', 'finished') ~ " < checkbox_application then 'checkbox'
        when " ~ ratio('completed', 'assigned') ~ " >= checkbox_completion then 'finished_and_used'
        when " ~ ratio('used', 'finished') ~ " >= checkbox_application then 'used_by_the_few_who_finish'
        else 'neither'
    end") }} as quadrant
from stated
