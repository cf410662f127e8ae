{{ config(schema='restricted', contract={'enforced': false}) }}

{# One row per channel, worker and week with learning in it. The original cohort of a channel are those active in its first four weeks. #}
with used as (
    select distinct company_id, system as channel, week_start, person_key
    from {{ ref('int_activity__events') }}
    where is_activity and audience in ('employee', 'contractor')
),

firsts as (
    select used.company_id, used.channel, min(used.week_start) as first_week
    from used
    inner join {{ ref('dim_company') }} as company on used.company_id = company.company_id
    where used.week_start >= {{ to_date('company.observed_from_at') }}
    group by used.company_id, used.channel
)

select
    used.company_id, used.channel, firsts.first_week, used.week_start, used.person_key,
    min(used.week_start) over (partition by used.company_id, used.channel, used.person_key)
    < {{ add_days('firsts.first_week', 28) }} as is_original
from used
inner join firsts on {{ same('used', 'firsts', ['company_id', 'channel']) }} and used.week_start >= firsts.first_week
