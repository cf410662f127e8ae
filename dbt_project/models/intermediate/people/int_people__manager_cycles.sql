{# Workers who, up the line of managers, are above themselves: a mistake in the HR system, shown so that somebody corrects it. #}
select
    person_key,
    depth as cycle_length,
    valid_from,
    valid_to
from {{ ref('int_people__manager_chains') }}
where closes_cycle and manager_person_key = person_key
