{{ config(schema='restricted', contract={'enforced': false}) }}
{% set horizons = [30, 60, 90, 180] %}

{# Person x program: was it used within each horizon after completion (verified; said), and again in the last 30 days of it; is the horizon over?
   Who completed before the company recorded any evidence is never due. #}
with uses as (
    select
        done.company_id, done.program_code, done.person_key,
        {% for days in horizons -%}
        {% set within = 'evidence.occurred_at <= ' ~ add_days_to_moment('done.completed_at', days) -%}
        max({{ one_if('evidence.is_verified and ' ~ within) }}) as used_{{ days }},
        max({{ one_if('evidence.is_self_report and ' ~ within) }}) as said_{{ days }},
        max({{ one_if(
            'evidence.is_verified and ' ~ within ~ ' and evidence.occurred_at > ' ~ add_days_to_moment('done.completed_at', days - 30)
        ) }}) as again_{{ days }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from {{ ref('int_application__completions') }} as done
    inner join {{ ref('int_application__program_evidence') }} as evidence
        on {{ same('done', 'evidence', ['company_id', 'program_code', 'person_key']) }} and evidence.occurred_at > done.completed_at
        and evidence.occurred_at < done.as_of_at
    group by done.company_id, done.program_code, done.person_key
)

select
    done.company_id, done.program_code, done.person_key, done.department, done.completed_at,
    {% for days in horizons -%}
    {{ one_if(
        'done.completed_at >= first_records.evidence_from and ' ~ add_days_to_moment('done.completed_at', days) ~ ' <= done.as_of_at and '
        ~ add_days('done.completed_at', days) ~ ' < done.leaving_date'
    ) }} as is_due_{{ days }},
    coalesce(uses.used_{{ days }}, 0) as used_{{ days }}, coalesce(uses.said_{{ days }}, 0) as said_{{ days }},
    coalesce(uses.again_{{ days }}, 0) as again_{{ days }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_application__completions') }} as done
left join {{ ref('int_application__first_records') }} as first_records on done.company_id = first_records.company_id
left join uses on {{ same('done', 'uses', ['company_id', 'program_code', 'person_key']) }}
