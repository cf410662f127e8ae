"""Suites of the activity marts: is it used?"""

from typing import TYPE_CHECKING

from expectations.marts.bounds import count, grain, kpi, people, state
from expectations.shared import known_values

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

AUDIENCES = ("employee", "contractor", "partner", "customer")


def learner_weeks() -> "list[Expectation]":
    """One row per person and week (restricted)."""
    touches = "learner weeks"
    return [
        *grain(["company_id", "person_key", "week_start"], touches),
        count("courses_enrolled", touches),
        count("courses_started", touches),
        count("courses_completed", touches),
        count("assessments_attempted", touches),
        state("learning_minutes_state", touches),
        known_values("audience", AUDIENCES, "Nobody learns outside the four audiences.", touches, severity="critical"),
    ]


def program_funnel() -> "list[Expectation]":
    """One row per course, cohort month and audience."""
    touches = "program funnel"
    return [
        *grain(["company_id", "course_id", "cohort_month", "audience"], touches),
        people("people_enrolled", touches),
        *kpi("started_rate", touches),
        *kpi("never_started_rate", touches),
        *kpi("completed_rate", touches),
        *kpi("on_time_rate", touches),
    ]
