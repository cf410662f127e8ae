{# The person behind an employee id, for files and systems that speak in employee ids. An id that two HR systems use for two
   workers stands for nobody. #}
select source_identity_id as employee_id, min(person_key) as person_key
from {{ ref('int_people__canonical_identities') }}
where population = 'employee'
group by source_identity_id
having count(*) = 1
