"""Suites of the application marts: is it applied?"""

from typing import TYPE_CHECKING

from expectations.marts.bounds import count, effects, grain, interval, kpi, people

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def checkin_months() -> "list[Expectation]":
    """One row per month and department, and one for all departments."""
    touches = "my manager asked what I am learning"
    return [
        *grain(["company_id", "month_start", "department"], touches),
        people("people_answering", touches),
        *kpi("manager_asked", touches),
        *interval("manager_asked_low", "manager_asked", "manager_asked_high", touches),
        *kpi("used_learning", "I used what I learned"),
        *kpi("confidence", "confidence in check-ins", is_share=False),
    ]


def onboarding_cohorts() -> "list[Expectation]":
    """One row per hire month and role."""
    touches = "quick win of new hires"
    return [
        *grain(["company_id", "hire_month", "role_title"], touches),
        people("hires", touches),
        *kpi("opened_path_14_days", touches),
        *interval("opened_path_14_days_low", "opened_path_14_days", "opened_path_14_days_high", touches),
        *kpi("first_win_14_days", touches),
        *interval("first_win_14_days_low", "first_win_14_days", "first_win_14_days_high", touches),
    ]


def time_to_competency() -> "list[Expectation]":
    """One row per role and start quarter."""
    touches = "time to competency"
    return [
        *grain(["company_id", "role_title", "start_quarter"], touches),
        *kpi("competent_by_horizon", touches),
        *interval("competent_by_horizon_low", "competent_by_horizon", "competent_by_horizon_high", touches),
        count("left_before_competent", touches),
        *interval("median_days_if_staying_low", "median_days_if_staying", "median_days_if_staying_high", touches),
    ]


def ticket_handling() -> "list[Expectation]":
    """One row per trained group, ticket category and month."""
    touches = "handling time of trained agents"
    return [
        *grain(["company_id", "agent_group", "ticket_category", "month_start"], touches),
        people("agents", touches),
        *kpi("median_resolution_hours", touches, is_share=False),
        *kpi("reopened_rate", "reopened tickets"),
        *kpi("satisfied_rate", "ticket satisfaction"),
    ]


def ticket_handling_effects() -> "list[Expectation]":
    """One row per ticket category and outcome."""
    touches = "do trained agents solve tickets faster"
    return [
        *grain(["company_id", "ticket_category", "outcome", "definition", "method"], touches),
        *effects(["hours", "reopens", "rate_ratio", "share"], touches),
    ]
