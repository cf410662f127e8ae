{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per policy change and kind of minutes: mean per worker and week before and after, and the relative change with its error over workers (ratio of
   means, linearized), so that a worker's weeks are never taken for separate observations. #}
{% set keys = ['company_id', 'policy_id', 'change_kind'] %}

with workers as (
    {% for kind in ['recorded', 'voluntary'] %}
    select
        {{ keys | join(', ') }}, person_key, '{{ kind }}' as minutes_kind,
        avg(case when is_after = 0 then {{ kind }} end) as before_minutes,
        avg(case when is_after = 1 then {{ kind }} end) as after_minutes
    from {{ ref('int_governance__policy_minutes') }}
    group by {{ keys | join(', ') }}, person_key
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

means as (
    select
        workers.*, avg(before_minutes) over every as mean_before, avg(after_minutes) over every as mean_after
    from workers
    window every as (partition by {{ keys | join(', ') }}, minutes_kind)
)

select
    {{ keys | join(', ') }}, minutes_kind, count(*) as people, max(mean_before) as mean_before,
    max(mean_after) as mean_after,
    max(case when mean_before > 0 then mean_after / mean_before - 1 end) as change_share,
    stddev_samp(case when mean_before > 0 then (after_minutes - mean_after / mean_before * before_minutes) / mean_before end)
    / sqrt({{ to_double('count(*)') }}) as error
from means
group by {{ keys | join(', ') }}, minutes_kind
