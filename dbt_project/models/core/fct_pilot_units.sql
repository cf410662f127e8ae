{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('assignments.pilot_id') }} as pilot_id,
    {{ to_text('managers.person_key') }} as team_key,
    {{ to_text('assignments.arm') }} as arm,
    {{ to_timestamp('assignments.assigned_at') }} as assigned_at,
    {{ to_text('assignments.stratum') }} as stratum,
    {{ to_flag('assignments.is_randomized') }} as is_randomized
from {{ ref('stg_drops__pilot_assignments') }} as assignments
inner join {{ ref('int_people__employees_known') }} as managers on assignments.team_manager_employee_id = managers.employee_id
cross join {{ ref('stg_company__settings') }} as company
