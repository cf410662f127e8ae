"""What must be true of a load before it is admitted, and of a mart before it is published.

`SUITES` names one function per stream (`<vendor>__<stream>`) and one per mart; each returns a list of Great
Expectations objects in the order shape, keys, values, relations. Importing this package does not import Great
Expectations.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from expectations.crm import hubspot, salesforce
from expectations.deletions import deletions
from expectations.hris import bamboohr, hibob, workday
from expectations.lms import absorb, learning360, moodle, xapi
from expectations.marts import from_registry
from expectations.signals import climate, coaching, money, practice, programs, sessions, skills, workforce
from expectations.support import freshdesk, zendesk
from learning_warehouse.registry import marts

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

Suite = Callable[[], "list[Expectation]"]

SUITES: dict[str, Suite] = {
    "absorb__users": absorb.users,
    "absorb__departments": absorb.departments,
    "absorb__courses": absorb.courses,
    "absorb__enrollments": absorb.enrollments,
    "absorb__certificates": absorb.certificates,
    "absorb__deletions": deletions,
    "xapi__statements": xapi.statements,
    "learning360__users": learning360.users,
    "learning360__groups": learning360.groups,
    "learning360__external_ids": learning360.external_ids,
    "learning360__courses": learning360.courses,
    "learning360__paths": learning360.paths,
    "learning360__path_enrollments": learning360.path_enrollments,
    "learning360__attempts": learning360.attempts,
    "learning360__certificates": learning360.certificates,
    "moodle__users": moodle.users,
    "moodle__courses": moodle.courses,
    "moodle__enrollments": moodle.enrollments,
    "moodle__completions": moodle.completions,
    "moodle__grade_items": moodle.grade_items,
    "bamboohr__employees": bamboohr.employees,
    "bamboohr__employee_changes": bamboohr.employee_changes,
    "bamboohr__job_info": bamboohr.job_info,
    "bamboohr__employment_status": bamboohr.employment_status,
    "workday__workers": workday.workers,
    "workday__worker_history": workday.worker_history,
    "hibob__employees": hibob.employees,
    "hibob__work_history": hibob.work_history,
    "hibob__lifecycle_history": hibob.lifecycle_history,
    "hibob__employment_history": hibob.employment_history,
    "zendesk__tickets": zendesk.tickets,
    "zendesk__users": zendesk.users,
    "zendesk__organizations": zendesk.organizations,
    "zendesk__satisfaction_ratings": zendesk.satisfaction_ratings,
    "freshdesk__tickets": freshdesk.tickets,
    "freshdesk__contacts": freshdesk.contacts,
    "freshdesk__agents": freshdesk.agents,
    "freshdesk__companies": freshdesk.companies,
    "freshdesk__satisfaction_ratings": freshdesk.satisfaction_ratings,
    "salesforce__accounts": salesforce.accounts,
    "salesforce__account_history": salesforce.account_history,
    "salesforce__contacts": salesforce.contacts,
    "salesforce__users": salesforce.users,
    "salesforce__opportunities": salesforce.opportunities,
    "salesforce__contracts": salesforce.contracts,
    "salesforce__deletions": deletions,
    "hubspot__companies": hubspot.companies,
    "hubspot__contacts": hubspot.contacts,
    "hubspot__deals": hubspot.deals,
    "hubspot__owners": hubspot.owners,
    "hubspot__company_owners": hubspot.company_owners,
    "hubspot__contact_companies": hubspot.contact_companies,
    "hubspot__deal_companies": hubspot.deal_companies,
    "hubspot__deletions": deletions,
    "drops__coaching_events": coaching.coaching_events,
    "drops__checkins": coaching.checkins,
    "drops__manager_contacts": coaching.manager_contacts,
    "drops__buddy_assignments": coaching.buddy_assignments,
    "drops__practice_tasks": practice.practice_tasks,
    "drops__application_evidence": practice.application_evidence,
    "drops__moments": practice.moments,
    "drops__learning_log_entries": practice.learning_log_entries,
    "drops__survey_responses": climate.survey_responses,
    "drops__recognitions": climate.recognitions,
    "drops__rituals": climate.rituals,
    "drops__retro_answers": climate.retro_answers,
    "drops__decisions": climate.decisions,
    "drops__programs": programs.programs,
    "drops__announcements": programs.announcements,
    "drops__pilot_assignments": programs.pilot_assignments,
    "drops__policies": programs.policies,
    "drops__reward_rules": programs.reward_rules,
    "drops__objectives": programs.objectives,
    "drops__goals": skills.goals,
    "drops__role_skill_levels": skills.role_skill_levels,
    "drops__skill_assessments": skills.skill_assessments,
    "drops__course_skills": skills.course_skills,
    "drops__learning_paths": skills.learning_paths,
    "drops__requisitions": workforce.requisitions,
    "drops__review_cycles": workforce.review_cycles,
    "drops__exit_notices": workforce.exit_notices,
    "drops__identity_overrides": workforce.identity_overrides,
    "drops__kpi_observations": money.kpi_observations,
    "drops__metric_targets": money.metric_targets,
    "drops__program_costs": money.program_costs,
    "drops__value_conversions": money.value_conversions,
    "drops__product_usage": money.product_usage,
    "drops__learning_sessions": sessions.learning_sessions,
    "drops__collaboration_counts": sessions.collaboration_counts,
    "drops__assignment_framings": sessions.assignment_framings,
}
SUITES |= {f"marts__{name}": partial(from_registry.suite, name) for name in marts()}
