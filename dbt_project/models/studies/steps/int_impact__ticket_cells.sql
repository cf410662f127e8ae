{{ config(schema='studies') }}

{# One row per account, cohort month g and later month. Base: months g-8 to g-3; g-2 to g are washed out, because accounts take training right
   after a spike. Treated: first trained in g, months g+1 to g+6. Control: not yet trained in that same month. The placebo asks the same of
   months g-8 to g-3 against g-14 to g-9, before anybody was trained. #}
{% set windows = [('effect', 8, 3, 1, 6), ('placebo', 14, 9, -8, -3)] %}

with based as (
    select
        panel.*,
        {% for name, from_month, to_month, first_k, last_k in windows -%}
        {% set base -%}
        over (
            partition by company_id, definition, account_id order by month_number
            range between {{ from_month }} preceding and {{ to_month }} preceding
        )
        {%- endset -%}
        count(*) {{ base }} as {{ name }}_base_months,
        sum(seat_months) {{ base }} as {{ name }}_base_seats,
        sum(how_to) {{ base }} as {{ name }}_base_how_to,
        sum(defect) {{ base }} as {{ name }}_base_defect{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_impact__ticket_panel') }} as panel
),

cohorts as (
    select distinct company_id, definition, adopted_month as cohort_month
    from {{ ref('int_impact__ticket_panel') }}
    where adopted_month is not null
)

{% for name, from_month, to_month, first_k, last_k in windows %}
select
    base.company_id, base.definition, '{{ name }}' as time_window,
    cohorts.cohort_month, outcome.month_number,
    base.account_id as unit,
    case when base.adopted_month = cohorts.cohort_month then 1 else 0 end as is_treated,
    outcome.how_to as how_to_x,
    outcome.defect as defect_x,
    base.{{ name }}_base_how_to * outcome.seat_months / base.{{ name }}_base_seats as how_to_e,
    base.{{ name }}_base_defect * outcome.seat_months / base.{{ name }}_base_seats as defect_e
from based as base
inner join cohorts
    on base.company_id = cohorts.company_id and base.definition = cohorts.definition and base.month_number = cohorts.cohort_month
inner join {{ ref('int_impact__ticket_panel') }} as outcome
    on base.company_id = outcome.company_id and base.definition = outcome.definition and base.account_id = outcome.account_id
    and outcome.month_number between cohorts.cohort_month + {{ first_k }} and cohorts.cohort_month + {{ last_k }}
where base.{{ name }}_base_months = {{ from_month - to_month + 1 }} and base.{{ name }}_base_seats > 0 and outcome.seat_months > 0
    and (
        base.adopted_month = cohorts.cohort_month
        or base.adopted_month is null
        or base.adopted_month > greatest(cohorts.cohort_month, outcome.month_number)
    )
{% if not loop.last %}union all{% endif %}
{% endfor %}
