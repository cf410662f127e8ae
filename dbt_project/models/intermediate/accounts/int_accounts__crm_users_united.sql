{%- set columns = ['crm_user_id', 'identity_key', 'employee_number', 'email_key', 'email_domain', 'created_at'] -%}
select 'salesforce' as source, 'users' as list_name, {{ columns | join(', ') }}
from {{ ref('stg_salesforce__users') }}
union all
select 'hubspot', 'owners', {{ columns | join(', ') }}
from {{ ref('stg_hubspot__owners') }}
