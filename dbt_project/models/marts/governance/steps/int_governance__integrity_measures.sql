{{ config(schema='restricted', contract={'enforced': false}) }}

{# Long: one row per company, program (or all), month and measure. Choices are averaged by learner before learners are compared with what was on offer. #}
with facts as (
    {% for program in ['bridge.program_code', "'All programs'"] %}
    select facts.*, {{ program }} as program_code
    from {{ ref('int_governance__integrity_facts') }} as facts
    {% if loop.first %}
    inner join {{ ref('bridge_program_courses') }} as bridge on facts.company_id = bridge.company_id and facts.course_id = bridge.course_id
    {% endif %}
    where facts.person_key is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

on_offer as (
    {% for program in ['bridge.program_code', "'All programs'"] %}
    select course.company_id, {{ program }} as program_code, avg(course.difficulty) as mean_difficulty
    from {{ ref('dim_course_difficulty') }} as course
    {% if loop.first %}
    inner join {{ ref('bridge_program_courses') }} as bridge on course.company_id = bridge.company_id and course.course_id = bridge.course_id
    {% endif %}
    where course.is_measured
    group by course.company_id{% if loop.first %}, bridge.program_code{% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

learners as (
    select company_id, program_code, month_start, person_key, count(*) as choices, avg(hit) as mean_chosen
    from facts
    where measure = 'easy_skew'
    group by company_id, program_code, month_start, person_key
),

skews as (
    select
        learners.company_id, learners.program_code, learners.month_start, count(*) as people,
        sum(learners.choices) as choices,
        avg(learners.mean_chosen - on_offer.mean_difficulty) as skew,
        stddev_samp(learners.mean_chosen - on_offer.mean_difficulty) as spread
    from learners
    inner join on_offer on learners.company_id = on_offer.company_id and learners.program_code = on_offer.program_code
    group by learners.company_id, learners.program_code, learners.month_start
)

select
    company_id, program_code, month_start, measure, count(distinct person_key) as people, sum(hit) as hits,
    case when measure in ('uncredited_share', 'overlap_share') then sum(weight) else count(*) end as denominator,
    {{ ratio('sum(hit)', 'sum(weight)') }} as amount
from facts
where measure <> 'easy_skew'
group by company_id, program_code, month_start, measure
union all
select company_id, program_code, month_start, 'choice_difficulty_skew', people, choices, people as learners, skew from skews
union all
select
    company_id, program_code, month_start, 'choice_difficulty_z', people, choices, people as learners,
    case when spread > 0 then skew / (spread / sqrt({{ to_double('people') }})) else 0 end
from skews
union all
select company_id, 'All programs', month_start, 'hour_bunching', people, in_bin, people as workers, {{ ratio('in_bin - neighbors / 2.0', 'people') }}
from {{ ref('int_governance__hour_bins') }}
