{{ config(schema='restricted', contract={'enforced': false}) }}
{% set keys = ['company_id', 'quarter_start', 'person_key', 'skill_code'] %}

{# Person x required skill x quarter: the level required on the quarter's last day, the last level assessed by
   somebody else before the quarter and by its end. #}
with quarters as (
    select distinct
        company_id, {{ quarter_start('month_start') }} as quarter_start,
        case
            when {{ add_months(quarter_start('month_start'), 3) }} > last_day then last_day
            else {{ add_months(quarter_start('month_start'), 3) }}
        end as quarter_end
    from (select company_id, month_start, max(month_end) over (partition by company_id) as last_day from {{ ref('int_application__months') }}) as months
),

required as (
    select
        quarters.company_id, quarters.quarter_start, quarters.quarter_end, workers.person_key, workers.job_title, levels.skill_code, levels.required_level,
        row_number() over (
            partition by quarters.company_id, quarters.quarter_start, workers.person_key, levels.skill_code order by levels.valid_from desc
        ) as position
    from quarters
    inner join {{ ref('dim_worker_history') }} as workers
        on quarters.company_id = workers.company_id and workers.valid_from < quarters.quarter_end
        and (workers.valid_to is null or workers.valid_to >= quarters.quarter_end)
    inner join {{ ref('dim_role_skill_levels') }} as levels
        on workers.company_id = levels.company_id and workers.job_title = levels.job_title and levels.valid_from < quarters.quarter_end
),

assessed as (
    select
        required.company_id, required.quarter_start, required.person_key, required.skill_code, assessments.level,
        {{ one_if('assessments.assessed_at < ' ~ to_timestamp('required.quarter_start')) }} as is_before,
        row_number() over (
            partition by required.company_id, required.quarter_start, required.person_key, required.skill_code
            order by assessments.assessed_at desc, assessments.assessment_id asc
        ) as position,
        row_number() over (
            partition by
                required.company_id, required.quarter_start, required.person_key, required.skill_code,
                {{ one_if('assessments.assessed_at < ' ~ to_timestamp('required.quarter_start')) }}
            order by assessments.assessed_at desc, assessments.assessment_id asc
        ) as position_before
    from required
    inner join {{ ref('fct_skill_assessments') }} as assessments
        on required.company_id = assessments.company_id and required.person_key = assessments.person_key
        and required.skill_code = assessments.skill_code and assessments.assessed_at < {{ to_timestamp('required.quarter_end') }}
    where assessments.level is not null and assessments.assessed_by <> 'self' and required.position = 1
),

newest as (
    select
        company_id, quarter_start, person_key, skill_code, max(case when position = 1 then level end) as level_at_end,
        max(case when is_before = 1 and position_before = 1 then level end) as level_before
    from assessed
    group by company_id, quarter_start, person_key, skill_code
)

select
    required.company_id, required.quarter_start, required.person_key, required.job_title as role_title, required.skill_code, required.required_level,
    newest.level_before, newest.level_at_end
from required
left join newest on {{ same('required', 'newest', keys) }}
where required.position = 1
