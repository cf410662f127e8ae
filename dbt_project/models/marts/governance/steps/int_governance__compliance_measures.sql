{{ config(schema='restricted', contract={'enforced': false}) }}

{# Long: one row per requirement (or all), whole month, group and measure. Over all requirements a worker is as good as the worst of them. #}
{% set groups = [('all', "'All departments'", "'all'"), ('department', 'department', "'all'"), ('audience', "'All departments'", 'audience')] %}
{% set measures = [('compliance_rate', one_if("standing = 'valid'"), "standing in ('valid', 'expired', 'overdue')"),
    ('waived_share', one_if("standing = 'waived'"), "standing <> 'not_assigned'"),
    ('unassigned_share', one_if("standing = 'not_assigned'"), 'true'),
    ('expiring_share', one_if('expires_date <= ' ~ add_days('month_end', 90)), "standing = 'valid'"),
    ('days_overdue', 'days_since_due', "standing in ('expired', 'overdue')")] %}

with standings as (
    select company_id, course_id, month_start, month_end, person_key, department, audience, standing, expires_date, days_since_due
    from {{ ref('int_governance__requirement_months') }}
    union all
    select
        company_id, 'all', month_start, month_end, person_key, department, audience,
        case
            when max({{ one_if("standing in ('expired', 'overdue')") }}) = 1 then 'overdue'
            when max({{ one_if("standing = 'valid'") }}) = 1 then 'valid'
            when max({{ one_if("standing = 'not_due'") }}) = 1 then 'not_due'
            when max({{ one_if("standing = 'waived'") }}) = 1 then 'waived'
            else 'not_assigned'
        end,
        min(case when standing = 'valid' then expires_date end),
        max(case when standing in ('expired', 'overdue') then days_since_due end)
    from {{ ref('int_governance__requirement_months') }}
    group by company_id, month_start, month_end, person_key, department, audience
)

{% for kind, department, audience in groups %}
{% set outer_loop_last = loop.last %}
{% for measure, hit, condition in measures %}
select
    company_id, course_id, month_end, '{{ kind }}' as group_kind, {{ department }} as department,
    {{ audience }} as audience, '{{ measure }}' as measure,
    count(distinct person_key) as people, sum({{ to_double(hit) }}) as hits, count(*) as denominator,
    {% if measure == 'days_overdue' %}{{ median(to_double(hit)) }}{% else %}avg({{ to_double(hit) }}){% endif %} as amount
from standings
where {{ condition }}
group by company_id, course_id, month_end{% if kind == 'department' %}, department{% elif kind == 'audience' %}, audience{% endif %}
{% if not (loop.last and outer_loop_last) %}union all{% endif %}
{% endfor %}
{% endfor %}
