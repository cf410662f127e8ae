{# One row per company and registered study: do the sources that the study needs reach us? #}
{% set streams = [
    'crm.accounts', 'crm.opportunities', 'lms.enrollments', 'support.tickets', 'hris.employees',
    'drops.pilot_assignments', 'drops.programs', 'drops.kpi_observations', 'drops.skill_assessments',
] %}

with flags as (
    {{ reach_flags(streams) }}
)

select
    {{ to_text('flags.company_id') }} as company_id, {{ to_text('studies.study_id') }} as study_id,
    case studies.study_id
        when 'customer_education_churn' then flags.reaches_crm_accounts and flags.reaches_lms_enrollments
        when 'customer_education_tickets' then flags.reaches_support_tickets and flags.reaches_crm_accounts and flags.reaches_lms_enrollments
        when 'account_owner_training' then flags.reaches_crm_accounts and flags.reaches_lms_enrollments
        when 'agent_training_handling' then flags.reaches_support_tickets and flags.reaches_lms_enrollments
        when 'pilot_win_rate' then flags.reaches_drops_pilot_assignments and flags.reaches_crm_opportunities
        when 'turnover_by_learning' then flags.reaches_hris_employees and flags.reaches_lms_enrollments
        when 'first_value_path' then flags.reaches_crm_accounts and flags.reaches_drops_programs
        when 'role_performance' then flags.reaches_drops_kpi_observations and flags.reaches_lms_enrollments
        when 'mobility_by_gap_closed' then flags.reaches_hris_employees and flags.reaches_drops_skill_assessments
        else false
    end as reaches_us
from flags
cross join {{ ref('impact_studies') }} as studies
