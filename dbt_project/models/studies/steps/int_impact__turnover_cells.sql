{# Person-months at risk by stratum, month and whether something was learned by choice in six months that end `gap_months` before the month.
   People who are about to leave stop learning first: the shorter the gap, the more of that is mistaken for an effect. Gap 3 is the registered
   one; recent asks about the last three months, as everybody does first. Whole months of employment before the window only. #}
with windows as (
    select
        company_id, person_key, month_start, month_number, department, job_title, ended_as,
        case when tenure_months < 24 then 'under 2 years' when tenure_months < 60 then '2 to 5 years' else '5 years and more' end as tenure_band,
        {% for gap in range(0, 7) -%}
        sum(courses) over (
            partition by company_id, person_key order by month_number range between {{ gap + 6 }} preceding and {{ gap + 1 }} preceding
        ) as courses_{{ gap }},
        count(*) over (
            partition by company_id, person_key order by month_number range between {{ gap + 6 }} preceding and {{ gap + 1 }} preceding
        ) as months_{{ gap }},
        {% endfor -%}
        sum(courses) over (partition by company_id, person_key order by month_number range between 3 preceding and 1 preceding) as courses_recent
    from {{ ref('int_impact__worker_months') }}
),

exposed as (
    {% for gap in range(0, 7) %}
    select
        company_id, 'gap_{{ gap }}' as variant, person_key, month_number, tenure_band || '/' || job_title as stratum,
        {{ one_if('courses_' ~ gap ~ ' > 0') }} as is_treated, {{ one_if("ended_as = 'voluntary'") }} as left_here
    from windows
    where months_{{ gap }} = 6
    union all
    {% endfor %}
    select
        company_id, 'recent' as variant, person_key, month_number, 'all' as stratum,
        {{ one_if('courses_recent > 0') }} as is_treated, {{ one_if("ended_as = 'voluntary'") }} as left_here
    from windows
    where months_3 = 6
)

select
    company_id, variant, stratum, month_number, is_treated, false as is_chance,
    {{ to_double('sum(left_here)') }} as events, {{ to_double('count(*)') }} as exposure
from exposed
group by company_id, variant, stratum, month_number, is_treated
