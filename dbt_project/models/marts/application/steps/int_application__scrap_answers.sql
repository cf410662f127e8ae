{{ config(schema='restricted', contract={'enforced': false}) }}

{# Person x program: the share of what was taught that was not applied, as answered within each horizon after completion. #}
select
    done.company_id, done.program_code, done.person_key,
{% for days in [30, 60, 90, 180] -%}
avg(
    case when answers.answered_at <= {{ add_days_to_moment('done.completed_at', days) }} then 1 - {{ ratio('answers.score', 'answers.maximum_score') }} end
) as scrap_{{ days }}{% if not loop.last %},{% endif %}
{% endfor %}
from {{ ref('int_application__completions') }} as done
inner join {{ ref('fct_survey_responses') }} as answers
    on done.company_id = answers.company_id and done.person_key = answers.person_key and done.program_code = answers.subject_code
    and answers.answered_at > done.completed_at and answers.answered_at < done.as_of_at
where answers.instrument = 'applied_share' and answers.item_code = 'percent_applied'
group by done.company_id, done.program_code, done.person_key
