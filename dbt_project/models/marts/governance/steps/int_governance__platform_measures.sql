{{ config(schema='restricted', contract={'enforced': false}) }}

{# Long: one row per company, whole month, department (or all) and measure. Managers are people somebody reported to on the last day of the month. #}
{% set barriers = ['time', 'relevance', 'tool', 'none'] %}

with managers as (
    select distinct own.company_id, own.month_start, own.month_end, own.person_key, own.department
    from {{ ref('int_activity__worker_months') }} as own
    inner join {{ ref('int_activity__worker_months') }} as reports
        on own.company_id = reports.company_id and own.month_start = reports.month_start and own.person_key = reports.manager_person_key
),

facts as (
    select company_id, month_start, department, person_key, 'lms_use_share' as measure, {{ to_double('uses_lms') }} as hit
    from {{ ref('int_activity__person_months') }}
    union all
    select
        managers.company_id, managers.month_start, managers.department, managers.person_key, 'managers_contacted_share',
        {{ to_double('max(' ~ one_if('contacts.contact_id is not null') ~ ')') }}
    from managers
    left join {{ ref('fct_manager_contacts') }} as contacts
        on managers.company_id = contacts.company_id and managers.person_key = contacts.manager_person_key
        and {{ to_date('contacts.contacted_at') }} <= managers.month_end and {{ to_date('contacts.contacted_at') }} > {{ add_days('managers.month_end', -90) }}
    group by managers.company_id, managers.month_start, managers.department, managers.person_key
    {% for barrier in barriers %}
    union all
    select
        managers.company_id, managers.month_start, managers.department, managers.person_key, 'barrier_{{ barrier }}_share',
        {{ to_double('max(' ~ one_if("contacts.barrier = '" ~ barrier ~ "'") ~ ')') }}
    from managers
    inner join {{ ref('fct_manager_contacts') }} as contacts
        on managers.company_id = contacts.company_id and managers.person_key = contacts.manager_person_key
        and {{ to_date('contacts.contacted_at') }} <= managers.month_end and {{ to_date('contacts.contacted_at') }} > {{ add_days('managers.month_end', -90) }}
    where contacts.barrier is not null
    group by managers.company_id, managers.month_start, managers.department, managers.person_key
    {% endfor %}
)

{% call by_department('facts', ['company_id', 'month_start', 'measure']) %}
    count(distinct person_key) as people,
    sum(hit) as hits, count(*) as denominator, avg(hit) as amount
{% endcall %}
