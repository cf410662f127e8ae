{{ config(schema='restricted') }}

{# One row per person and quarter start with a skill gap measured half a year before: was any gap to the level that the role
   requires on that day closed since? What people say of themselves is no measure. #}
with quarters as (
    select company.company_id, days.quarter_start
    from {{ ref('dim_company') }} as company
    inner join (select distinct quarter_start from {{ ref('dim_dates') }}) as days
        on days.quarter_start >= {{ to_date('company.observed_from_at') }} and days.quarter_start <= {{ to_date('company.as_of_at') }}
),

measured as (
    select
        quarters.company_id, quarters.quarter_start, assessments.person_key, assessments.skill_code,
        max(case when {{ to_date('assessments.assessed_at') }} <= {{ add_days('quarters.quarter_start', -180) }} then assessments.assessed_at end) as then_at,
        max(assessments.assessed_at) as now_at
    from quarters
    inner join {{ ref('fct_skill_assessments') }} as assessments
        on quarters.company_id = assessments.company_id and {{ to_date('assessments.assessed_at') }} < quarters.quarter_start
    where assessments.level is not null and assessments.assessed_by <> 'self' and assessments.person_key is not null
    group by quarters.company_id, quarters.quarter_start, assessments.person_key, assessments.skill_code
),

levels as (
    select company_id, person_key, skill_code, assessed_at, max(level) as level
    from {{ ref('fct_skill_assessments') }}
    where level is not null and assessed_by <> 'self'
    group by company_id, person_key, skill_code, assessed_at
),

required as (
    select
        measured.company_id, measured.quarter_start, measured.person_key, measured.skill_code, roles.required_level,
        row_number() over (
            partition by measured.company_id, measured.quarter_start, measured.person_key, measured.skill_code
            order by roles.valid_from desc, roles.required_level desc
        ) as position
    from measured
    inner join {{ ref('int_impact__role_stints') }} as stints
        on measured.company_id = stints.company_id and measured.person_key = stints.person_key and stints.started_on <= measured.quarter_start
        and (stints.ended_on is null or stints.ended_on > measured.quarter_start)
    inner join {{ ref('dim_role_skill_levels') }} as roles
        on stints.company_id = roles.company_id and stints.job_title = roles.job_title and measured.skill_code = roles.skill_code
        and roles.valid_from <= measured.quarter_start
)

select
    measured.company_id, measured.quarter_start, measured.person_key,
    max(case when later.level >= required.required_level then 1 else 0 end) as is_closed
from measured
inner join required
    on measured.company_id = required.company_id and measured.quarter_start = required.quarter_start
    and measured.person_key = required.person_key and measured.skill_code = required.skill_code and required.position = 1
inner join levels as earlier
    on measured.company_id = earlier.company_id and measured.person_key = earlier.person_key and measured.skill_code = earlier.skill_code
    and measured.then_at = earlier.assessed_at
inner join levels as later
    on measured.company_id = later.company_id and measured.person_key = later.person_key and measured.skill_code = later.skill_code
    and measured.now_at = later.assessed_at
where earlier.level < required.required_level
group by measured.company_id, measured.quarter_start, measured.person_key
