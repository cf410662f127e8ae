{# One row per company and one flag per stream: did any record of it ever get in? The flag of 'drops.practice_tasks' is called
   reaches_drops_practice_tasks. A company that never heard of a stream has the flag false, so every company has its row. A stream of
   a kind of vendor, such as 'lms.enrollments', reaches us when that of any vendor does. #}
{% macro reach_flags(streams) -%}
{%- set kinds = {
    'lms.enrollments': ['absorb.enrollments', 'learning360.path_enrollments', 'moodle.enrollments', 'xapi.statements'],
    'lms.certificates': ['absorb.certificates', 'learning360.certificates'],
    'hris.employees': ['bamboohr.employees', 'workday.workers', 'hibob.employees'],
    'support.tickets': ['zendesk.tickets', 'freshdesk.tickets'],
    'crm.accounts': ['salesforce.accounts', 'hubspot.companies'],
    'crm.opportunities': ['salesforce.opportunities', 'hubspot.deals'],
} -%}
select
    {%- for stream in streams %}
    {%- set names = "'" ~ kinds.get(stream, [stream]) | join("', '") ~ "'" %}
    coalesce(max({{ one_if("streams.stream in (" ~ names ~ ") and streams.reaches_us") }}), 0) = 1 as reaches_{{ stream | replace('.', '_') }},
    {%- endfor %}
    companies.company_id
from {{ ref('dim_company') }} as companies
left join {{ ref('dim_streams') }} as streams on companies.company_id = streams.company_id
group by companies.company_id
{%- endmacro %}
