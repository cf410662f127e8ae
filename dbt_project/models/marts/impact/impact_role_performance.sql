{% set by = ['company_id', 'role_title', 'kpi_code', 'month_start'] %}
{% set sides = [('all', 'kpi', 'true'), ('trained', 'kpi_trained', 'is_trained = 1'), ('untrained', 'kpi_not_yet_trained', 'is_trained = 0')] %}

{# Figures by role and month, all people and by whether the training for the role was over before the month. Two sides that add up to the whole: if
   one is too small, both are held back. Lower-is-better figures are shown as they were sent; better_when says which way is good. #}
with people as (
    select
        company_id, job_title as role_title, kpi_code, month_start, person_key, direction,
        case when direction = 'down' then -value else value end as value, {{ one_if('coalesce(trained_month < month_number, false)') }} as is_trained
    from {{ ref('int_impact__role_kpis') }}
),

grouped as (
    {% for role in ['role_title', "'All roles'"] %}
    select company_id, {{ role }} as role_title, kpi_code, month_start, person_key, direction, value, is_trained from people
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        company_id, role_title, kpi_code, month_start, max(direction) as direction,
        {% for side, name, condition in sides -%}
        count(distinct case when {{ condition }} then person_key end) as {{ side }}_people,
        avg(case when {{ condition }} then value end) as {{ side }}_mean{% if not loop.last %},{% endif %}
        {% endfor %}
    from grouped
    group by company_id, role_title, kpi_code, month_start
),

roles as (
    select company_id, role_title, kpi_code, month_start, all_people as people, {{ rate_is_shown('all_people') }} as is_kept
    from counted
    where role_title <> 'All roles'
),

shown as (
    {{ hold_back_neighbors('roles', by, ['company_id', 'kpi_code', 'month_start']) }}
),

stated as (
    select
        counted.*, {{ rate_is_shown('counted.all_people') }} and coalesce(shown.is_kept, true) as is_shown,
        counted.role_title <> 'All roles' and coalesce(shown.is_kept, true)
        and ({{ rate_is_shown('trained_people') }} or trained_people = 0)
        and ({{ rate_is_shown('untrained_people') }} or untrained_people = 0) as are_sides_shown
    from counted
    left join shown on {{ same('counted', 'shown', by) }}
),

recorded as (
    select
        company_id, {{ to_text('role_title') }} as role_title, {{ to_text('kpi_code') }} as kpi_code, month_start,
        {{ to_text("case direction when 'down' then 'lower' else 'higher' end") }} as better_when,
        all_mean, all_people, {{ rate_state('all_people', 'is_shown') }} as kpi_state,
        trained_mean, trained_people, {{ rate_state('trained_people', '(is_shown and are_sides_shown)') }} as kpi_trained_state,
        untrained_mean, untrained_people, {{ rate_state('untrained_people', '(is_shown and are_sides_shown)') }} as kpi_not_yet_trained_state
    from stated
    union all
    select
        company_id, {{ to_text("'All roles'") }} as role_title, {{ to_text("'none'") }} as kpi_code, {{ month_start('as_of_at') }} as month_start,
        {{ to_text("'higher'") }} as better_when,
        cast(null as {{ type_double() }}) as all_mean, {{ to_count('0') }} as all_people, silent_state as kpi_state,
        cast(null as {{ type_double() }}) as trained_mean, {{ to_count('0') }} as trained_people, silent_state as kpi_trained_state,
        cast(null as {{ type_double() }}) as untrained_mean, {{ to_count('0') }} as untrained_people, silent_state as kpi_not_yet_trained_state
    from (
        select
            company.company_id, company.as_of_at,
            case when flags.reaches_drops_kpi_observations then 'nothing_recorded' else 'no_data_reaches_us' end as silent_state
        from {{ ref('dim_company') }} as company
        inner join ({{ reach_flags(['drops.kpi_observations']) }}) as flags on company.company_id = flags.company_id
        left join (select distinct company_id from people) as known on company.company_id = known.company_id
        where known.company_id is null
    ) as silent
)

select
    company_id, role_title, kpi_code, month_start, better_when,
    case when kpi_state = 'reads' then {{ to_double('all_mean') }} end as kpi,
    case when kpi_state = 'reads' then {{ to_count('all_people') }} end as kpi_n,
    case when kpi_state in ('reads', 'nothing_recorded') then {{ to_count('all_people') }} end as kpi_denominator,
    {{ to_text('kpi_state') }} as kpi_state,
    case when kpi_trained_state = 'reads' then {{ to_double('trained_mean') }} end as kpi_trained,
    case when kpi_trained_state = 'reads' then {{ to_count('trained_people') }} end as kpi_trained_n,
    case when kpi_trained_state in ('reads', 'nothing_recorded') then {{ to_count('trained_people') }} end as kpi_trained_denominator,
    {{ to_text('kpi_trained_state') }} as kpi_trained_state,
    case when kpi_not_yet_trained_state = 'reads' then {{ to_double('untrained_mean') }} end as kpi_not_yet_trained,
    case when kpi_not_yet_trained_state = 'reads' then {{ to_count('untrained_people') }} end as kpi_not_yet_trained_n,
    case when kpi_not_yet_trained_state in ('reads', 'nothing_recorded') then {{ to_count('untrained_people') }} end as kpi_not_yet_trained_denominator,
    {{ to_text('kpi_not_yet_trained_state') }} as kpi_not_yet_trained_state
from recorded
