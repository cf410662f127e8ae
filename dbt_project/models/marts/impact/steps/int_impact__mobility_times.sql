{{ config(schema='restricted', contract={'enforced': false}) }}

{# Mobility starts by what is published: each department, the total, and in the total those who closed a gap, chose a course, or did neither. #}
{% set groups = [
    ('department', "'all'", 'true'), ("'All departments'", "'all'", 'true'), ("'All departments'", 'learning_source', 'true'),
    ("'All departments'", "case when is_closed = 1 then 'gap_closed' else 'gap_open' end", 'is_closed is not null'),
] %}
{% for kind in ['any', 'promotion', 'lateral', 'cross_function'] %}
{% for department, learner_group, condition in groups %}
select
    company_id, quarter_start, as_of_date, person_key, '{{ kind }}' as move_kind,
    {% if department == 'department' %}department{% else %}{{ department }} as department{% endif %}, {{ learner_group }} as learner_group,
    t, case when outcome = 'event' and '{{ kind }}' not in ('any', move_type) then 'competing' else outcome end as outcome
from {{ ref('int_impact__mobility_starts') }}
where {{ condition }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
{% if not loop.last %}union all{% endif %}
{% endfor %}
