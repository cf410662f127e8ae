{{ config(schema='restricted') }}

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text('contacts.contact_id') }} as contact_id,
    {{ to_text('managers.person_key') }} as manager_person_key,
    {{ to_timestamp('contacts.contacted_at') }} as contacted_at,
    {{ to_text('contacts.topic') }} as topic,
    {{ to_text('contacts.barrier') }} as barrier
from {{ ref('stg_drops__manager_contacts') }} as contacts
left join {{ ref('int_people__employees_known') }} as managers on contacts.manager_employee_id = managers.employee_id
cross join {{ ref('stg_company__settings') }} as company
