{% set by = ['company_id', 'skill_code', 'department'] %}

{# Who can do what, and what of it leaves with announced exits and registered retirements. Nobody is predicted to leave, and no age is used. How many
   hold a skill is a band, because a handful of holders are persons. #}
with holders as (
    select * from {{ ref('int_impact__skill_holders') }}
),

counted as (
    {% for department in ['department', "'All departments'"] %}
    select
        company_id, skill_code, {{ department }} as department, count(*) as people, sum(is_leaving) as leaving,
        sum(case
            when is_leaving = 0 then 0.0
            when mentees >= mentoring_target then 1.0
            else {{ ratio('mentees', 'mentoring_target') }}
        end) as captured
    from holders
    group by company_id, skill_code{% if department == 'department' %}, department{% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

departments as (
    select company_id, skill_code, department, people, {{ rate_is_shown('people') }} as is_kept
    from counted
    where department <> 'All departments'
),

shown as (
    {{ hold_back_neighbors('departments', by, ['company_id', 'skill_code']) }}
),

skills as (
    select
        flags.company_id, coalesce(skills.skill_code, 'none') as skill_code,
        flags.reaches_drops_skill_assessments and flags.reaches_drops_exit_notices as reaches_us
    from ({{ reach_flags(['drops.skill_assessments', 'drops.exit_notices']) }}) as flags
    left join (select distinct company_id, skill_code from holders) as skills on flags.company_id = skills.company_id
),

stated as (
    select
        skills.company_id, skills.skill_code, coalesce(counted.department, 'All departments') as department, coalesce(counted.people, 0) as people,
        counted.leaving, counted.captured, coalesce(shown.is_kept, true) as is_kept,
        {{ rate_state(
            'counted.people',
            '(' ~ rate_is_shown('counted.people') ~ ' and coalesce(shown.is_kept, true))',
            reaches_us='skills.reaches_us'
        ) }} as state
    from skills
    left join counted on skills.company_id = counted.company_id and skills.skill_code = counted.skill_code
    left join shown on {{ same('counted', 'shown', by) }}
)

select
    company_id, {{ to_text('skill_code') }} as skill_code, {{ to_text('department') }} as department,
    {{ to_text("case
        when state = 'no_data_reaches_us' or (not is_kept and people >= " ~ minimum_people_for_rate() ~ ") then null
        when people = 0 then '0' when people < " ~ minimum_people_for_count() ~ " then '1-4' when people < " ~ minimum_people_for_rate() ~ " then '5-9' else '10+'
    end") }} as holders_band,
    {{ rate_columns('leaving_share', 'leaving', 'people', 'state') }},
    {{ rate_interval('leaving_share', 'leaving', 'people', 'state') }},
    case when state = 'reads' then {{ ratio('leaving - captured', 'people') }} end as knowledge_risk,
    case when state = 'reads' then {{ to_count('leaving') }} end as knowledge_risk_n,
    case when state = 'reads' then {{ to_count('people') }} end as knowledge_risk_denominator,
    {{ to_text('state') }} as knowledge_risk_state
from stated
