{{ config(schema='restricted') }}

select distinct
    units.company_id,
    units.pilot_id,
    units.team_key,
    history.person_key
from {{ ref('fct_pilot_units') }} as units
inner join {{ ref('dim_worker_history') }} as history
    on units.company_id = history.company_id
    and units.team_key = history.manager_person_key
    and history.valid_from <= {{ to_date('units.assigned_at') }}
    and (history.valid_to is null or history.valid_to > {{ to_date('units.assigned_at') }})
