"""What must be true of a load before it is admitted, and of a mart before it is published.

`SUITES` names one function per stream (`<vendor>__<stream>`) and one per mart; each returns a list of Great
Expectations objects in the order shape, keys, values, relations. Importing this package does not import Great
Expectations.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from expectations.crm import salesforce
from expectations.hris import bamboohr
from expectations.lms import absorb
from expectations.marts import activity, application, governance, impact
from expectations.signals import drops
from expectations.support import zendesk

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

Suite = Callable[[], "list[Expectation]"]

SUITES: dict[str, Suite] = {
    "absorb__users": absorb.users,
    "absorb__departments": absorb.departments,
    "absorb__courses": absorb.courses,
    "absorb__enrollments": absorb.enrollments,
    "absorb__certificates": absorb.certificates,
    "bamboohr__employees": bamboohr.employees,
    "bamboohr__employee_changes": bamboohr.employee_changes,
    "bamboohr__job_info": bamboohr.job_info,
    "bamboohr__employment_status": bamboohr.employment_status,
    "zendesk__tickets": zendesk.tickets,
    "zendesk__users": zendesk.users,
    "zendesk__organizations": zendesk.organizations,
    "zendesk__satisfaction_ratings": zendesk.satisfaction_ratings,
    "salesforce__accounts": salesforce.accounts,
    "salesforce__account_history": salesforce.account_history,
    "salesforce__contacts": salesforce.contacts,
    "salesforce__users": salesforce.users,
    "salesforce__opportunities": salesforce.opportunities,
    "salesforce__contracts": salesforce.contracts,
    "drops__coaching_events": drops.coaching_events,
    "drops__checkins": drops.checkins,
    "drops__pilot_assignments": drops.pilot_assignments,
    "marts__activity_learner_weeks": activity.learner_weeks,
    "marts__activity_program_funnel": activity.program_funnel,
    "marts__application_checkin_months": application.checkin_months,
    "marts__application_onboarding_cohorts": application.onboarding_cohorts,
    "marts__application_time_to_competency": application.time_to_competency,
    "marts__application_ticket_handling": application.ticket_handling,
    "marts__application_ticket_handling_effects": application.ticket_handling_effects,
    "marts__impact_account_months": impact.account_months,
    "marts__impact_customer_education": impact.customer_education,
    "marts__impact_account_owner_training": impact.account_owner_training,
    "marts__impact_pilot_effects": impact.pilot_effects,
    "marts__governance_source_coverage": governance.source_coverage,
    "marts__governance_identity_coverage": governance.identity_coverage,
}
