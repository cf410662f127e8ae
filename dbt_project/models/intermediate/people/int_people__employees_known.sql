{# The person behind an employee id, for files that speak in employee ids. #}
select source_identity_id as employee_id, person_key
from {{ ref('int_people__canonical_identities') }}
where source = 'bamboohr.employees'
