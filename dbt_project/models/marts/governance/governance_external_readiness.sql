{% set keys = ['company_id', 'audience', 'period_kind', 'period_start', 'year_start'] %}
{% set measures = [('ready_before_start', one_if('done_before = required'), 'true'), ('ready_14_days', one_if('done_14 = required'), 'is_due_14'),
    ('requirements_missing', 'required - done_before', 'true')] %}
{% set year_start = "cast(date_trunc('year', " ~ to_timestamp('start_date') ~ ") as date)" %}

with reach as (
    {{ reach_flags(['lms.enrollments', 'hris.employees']) }}
),

measures as (
    {% for kind in ['month', 'year'] %}
    {% set last_kind = loop.last %}
    {% for measure, hit, condition in measures %}
    select
        company_id, audience, '{{ kind }}' as period_kind,
        {{ month_start('start_date') if kind == 'month' else year_start }} as period_start, {{ year_start }} as year_start,
        '{{ measure }}' as measure, count(distinct person_key) as people, sum({{ to_double(hit) }}) as hits,
        count(*) as denominator, avg({{ to_double(hit) }}) as amount
    from {{ ref('int_governance__external_starts') }}
    where required > 0 and {{ condition }}
    group by company_id, audience, {{ year_start }}{% if kind == 'month' %}, {{ month_start('start_date') }}{% endif %}
    {% if not (loop.last and last_kind) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
),

stated as (
    {{ stated_measures('measures', keys, ['company_id', 'audience', 'year_start'], "period_kind = 'year'") }}
),

pivoted as (
    {{ pivoted_measures('stated', keys, ['ready_before_start', 'ready_14_days', 'requirements_missing']) }}
),

periods as (
    {% for kind in ['month', 'year'] %}
    select distinct
        company_id, audience, '{{ kind }}' as period_kind,
        {{ month_start('start_date') if kind == 'month' else year_start }} as period_start, {{ year_start }} as year_start,
        true as has_starts,
        {% if kind == 'month' %}{{ next_month_start('start_date') }}{% else %}{{ add_months(year_start, 12) }}{% endif %} as next_start
    from {{ ref('int_governance__external_starts') }}
    union all
    {% endfor %}
    {% for audience in ['contractor', 'partner'] %}
    select
        company.company_id, '{{ audience }}', 'year', cast(date_trunc('year', company.as_of_at) as date),
        cast(date_trunc('year', company.as_of_at) as date), false, null
    from {{ ref('dim_company') }} as company
    left join (select distinct company_id, audience from {{ ref('int_governance__external_starts') }}) as known
        on company.company_id = known.company_id and known.audience = '{{ audience }}'
    where known.company_id is null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{# No source says when a partner starts, so a partner without a start is no data; a contractor without one is nothing recorded. #}
flagged as (
    select
        periods.*,
        reach.reaches_lms_enrollments and reach.reaches_hris_employees and (periods.has_starts or periods.audience = 'contractor') as is_reached,
        periods.next_start is null or {{ add_days('periods.next_start', 14) }} <= {{ to_date('company.as_of_at') }} as is_due_14
    from periods
    inner join reach on periods.company_id = reach.company_id
    inner join {{ ref('dim_company') }} as company on periods.company_id = company.company_id
)

select
    flagged.company_id, {{ to_text('flagged.audience') }} as audience,
    {{ to_text('flagged.period_kind') }} as period_kind, flagged.period_start,
    {{ measure_columns('ready_before_start', 'flagged.is_reached') }},
    {{ measure_columns('ready_14_days', 'flagged.is_reached', 'flagged.is_due_14') }},
    {{ measure_columns('requirements_missing', 'flagged.is_reached') }}
from flagged
left join pivoted on {{ same('flagged', 'pivoted', keys) }}
