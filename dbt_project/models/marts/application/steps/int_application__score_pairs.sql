{{ config(schema='restricted', contract={'enforced': false}) }}

{# Person x program x skill: the last score before and the first after, and one at least 60 days later; scores as shares of their maximum, never self-rated. #}
{% set keys = ['company_id', 'program_code', 'skill_code', 'person_key'] %}

with scores as (
    select
        assessments.company_id, coalesce(assessments.program_code, 'No program') as program_code, assessments.skill_code, assessments.person_key,
        assessments.assessment_id, assessments.phase, assessments.assessed_at, {{ ratio('assessments.score', 'assessments.maximum_score') }} as share
    from {{ ref('fct_skill_assessments') }} as assessments
    inner join {{ ref('dim_company') }} as company on assessments.company_id = company.company_id
    where assessments.assessed_by <> 'self' and assessments.person_key is not null and assessments.assessed_at < company.as_of_at
),

after_it as (
    select scores.*, row_number() over (partition by {{ keys | join(', ') }} order by assessed_at, assessment_id) as position
    from scores
    where phase = 'post'
),

before_it as (
    select
        scores.*,
        row_number() over (
            partition by scores.{{ keys | join(', scores.') }}
            order by scores.assessed_at desc, scores.assessment_id asc
        ) as position
    from scores
    inner join after_it on {{ same('scores', 'after_it', keys) }} and scores.assessed_at < after_it.assessed_at and after_it.position = 1
    where scores.phase = 'pre'
),

later as (
    select
        scores.*,
        row_number() over (
            partition by scores.{{ keys | join(', scores.') }}
            order by scores.assessed_at, scores.assessment_id
        ) as position
    from scores
    inner join after_it
        on {{ same('scores', 'after_it', keys) }} and scores.assessed_at >= {{ add_days_to_moment('after_it.assessed_at', 60) }} and after_it.position = 1
    where scores.phase in ('check', 'retention')
)

select
    after_it.company_id, after_it.program_code, after_it.skill_code, after_it.person_key, after_it.assessed_at as post_at,
    before_it.share as pre_share, after_it.share as post_share, later.share as later_share
from after_it
inner join before_it on {{ same('after_it', 'before_it', keys) }} and before_it.position = 1
left join later on {{ same('after_it', 'later', keys) }} and later.position = 1
where after_it.position = 1
