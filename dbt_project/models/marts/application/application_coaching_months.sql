{% set keys = ['company_id', 'month_start', 'department'] %}
{% set rates = [
    {'name': 'coaching_frequency', 'value': 'frequency', 'n': 'events', 'denominator': 'reports', 'people': 'reports', 'reaches': 'reaches_coaching'},
    {'name': 'coaching_coverage', 'n': 'covered', 'denominator': 'reports_at_end', 'people': 'reports_at_end', 'interval': true,
        'reaches': 'reaches_coaching'},
    {'name': 'cadence_gap_days', 'value': 'median_gap', 'n': 'gaps', 'denominator': 'gaps', 'people': 'people_with_gap', 'reaches': 'reaches_coaching'},
    {'name': 'modelling_rate', 'n': 'modelling', 'denominator': 'managers', 'people': 'managers', 'interval': true, 'reaches': 'reaches_checkins'},
    {'name': 'say_do_gap', 'value': 'say_do', 'n': 'managers_rated', 'denominator': 'managers_rated', 'people': 'managers_rated',
        'reaches': 'reaches_surveys', 'low': mean_low('say_do', 'say_do_spread', 'managers_rated'),
        'high': mean_high('say_do', 'say_do_spread', 'managers_rated')},
    {'name': 'advocacy_to_action', 'n': 'acted', 'denominator': 'chances', 'people': 'managers_told', 'interval': true,
        'reaches': 'reaches_announcements', 'due': 'is_echo_due'},
] %}

with managers as (
    {% call by_department(ref('int_application__manager_months')) %}
        sum({{ one_if('reports_answering > 0') }}) as managers, sum(is_modelling) as modelling,
        count(say_do_gap) as managers_rated, avg(say_do_gap) as say_do, stddev_samp(say_do_gap) as say_do_spread
    {% endcall %}
),

echoes as (
    {% call by_department(ref('int_application__announcement_echoes')) %}
        count(*) as chances, sum(has_acted) as acted, count(distinct manager_person_key) as managers_told
    {% endcall %}
),

flags as (
    {{ reach_flags(['drops.coaching_events', 'drops.checkins', 'drops.survey_responses', 'drops.announcements']) }}
),

framed as (
    select
        frame.company_id, frame.month_start, frame.department,
        {% for table, columns in [
            ('cells', ['reports', 'reports_at_end', 'covered', 'events', 'gaps', 'people_with_gap']),
            ('managers', ['managers', 'modelling', 'managers_rated']),
            ('echoes', ['chances', 'acted', 'managers_told']),
        ] -%}
        {% for column in columns -%}
        coalesce({{ table }}.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        {% endfor -%}
        {{ ratio('cells.events', 'cells.report_weeks') }} as frequency, cells.median_gap, managers.say_do, managers.say_do_spread,
        {{ add_days_to_moment('frame.month_end', 30) }} <= company.as_of_at as is_echo_due,
        coalesce(flags.reaches_drops_coaching_events and first_records.coaching_from < frame.month_end, false) as reaches_coaching,
        coalesce(flags.reaches_drops_coaching_events and flags.reaches_drops_announcements, false) as reaches_announcements,
        coalesce(flags.reaches_drops_checkins, false) as reaches_checkins, coalesce(flags.reaches_drops_survey_responses, false) as reaches_surveys
    from {{ ref('int_application__department_months') }} as frame
    inner join {{ ref('dim_company') }} as company on frame.company_id = company.company_id
    left join {{ ref('int_application__coaching_cells') }} as cells on {{ same('frame', 'cells', keys) }}
    left join managers on {{ same('frame', 'managers', keys) }}
    left join echoes on {{ same('frame', 'echoes', keys) }}
    left join flags on frame.company_id = flags.company_id
    left join {{ ref('int_application__first_records') }} as first_records on frame.company_id = first_records.company_id
),

stated as (
    {{ with_rate_states('framed', keys, ['company_id', 'month_start'], "department = 'All departments'", rates) }}
)

select
    company_id, month_start, {{ to_text('department') }} as department,
    {{ published_rates(rates) }}
from stated
