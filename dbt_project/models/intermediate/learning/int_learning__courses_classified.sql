{# company.yml speaks of courses by the beginning of their code; the longest beginning wins where one course matches several. #}
with matches as (
    select
        courses.course_id,
        rules.rule,
        rules.rule_value,
        row_number() over (
            partition by courses.course_id, rules.rule order by length(rules.course_code_prefix) desc, rules.course_code_prefix
        ) as closeness
    from {{ ref('int_learning__courses_united') }} as courses
    inner join {{ ref('stg_company__course_rules') }} as rules
        on {{ starts_with('courses.course_code', 'rules.course_code_prefix') }}
)

select
    courses.course_id,
    courses.course_code,
    courses.course_name,
    courses.estimated_minutes,
    coalesce(max({{ one_if("matches.rule = 'trained'") }}) = 1, false) as is_customer_education,
    coalesce(max({{ one_if("matches.rule = 'certificate'") }}) = 1, false) as is_certificate,
    coalesce(max({{ one_if("matches.rule = 'mandatory'") }}) = 1, false) as is_mandatory,
    coalesce(max({{ one_if("matches.rule = 'owner_training'") }}) = 1, false) as is_owner_training,
    max(case when matches.rule = 'agent_training' then matches.rule_value end) as ticket_category,
    max(case when matches.rule = 'role' then matches.rule_value end) as role_title
from {{ ref('int_learning__courses_united') }} as courses
left join matches on courses.course_id = matches.course_id and matches.closeness = 1
group by courses.course_id, courses.course_code, courses.course_name, courses.estimated_minutes
