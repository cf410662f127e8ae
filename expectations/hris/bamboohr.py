"""Suites of BambooHR, one per stream.

Who is told when one is red: HR operations. Critical holds back the load of that stream only. The employee list is a whole
snapshot each night: an id that comes twice means the pages shifted while we read, so the snapshot cannot be trusted.
"""

from typing import TYPE_CHECKING

from expectations.shared import (
    columns_present,
    filled,
    filled_at_least,
    keyed_hash,
    known_values,
    matches,
    not_ancient,
    unique,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

ROWS = r"^\s*\[\s*\{"


def employees() -> "list[Expectation]":
    """Everybody HR knows, active or not: the canonical people."""
    return [
        columns_present(
            "employee_id identity_key work_email_key status hire_date job_title_name department_name "
            "division_name location_name employment_status_name reports_to_id",
            "every figure by department or role",
        ),
        filled("employee_id", "A worker without an id cannot be matched to anything.", "every figure about employees"),
        filled("identity_key", "Without a key the worker is nobody in the warehouse.", "every figure about employees"),
        keyed_hash("identity_key"),
        keyed_hash("work_email_key"),
        unique("employee_id", "Pages shifted while we read; somebody else may be missing.", "every figure about employees"),
        filled("status", "Without a status we cannot say who works here.", "headcount"),
        known_values(
            "status", ["Active", "Inactive", "active", "inactive"], "An unknown status counts as inactive.", "headcount"
        ),
        # 2026-11-21: people hired long ago sometimes lack a date; a tenth is far more than that
        filled_at_least("hire_date", 0.9, "Without a start day somebody belongs to no cohort.", "onboarding cohorts"),
        filled_at_least(
            "department_name", 0.9, "People without a department are in no unit's figure.", "check-ins by department"
        ),
        filled_at_least("job_title_name", 0.9, "Roles are read from job titles.", "time to competency"),
        # 2026-11-21: leavers and the chief executive have no manager; a third is generous
        filled_at_least("reports_to_id", 0.66, "Without a manager a check-in counts for no team.", "check-ins by department"),
        # 2026-11-21: first hires of old companies predate 2000 seldom enough
        not_ancient("hire_date", "onboarding cohorts"),
    ]


def employee_changes() -> "list[Expectation]":
    """Who changed since the last night, with what kind of change."""
    return [
        columns_present("id action last_changed", "freshness of employees"),
        filled("id", "A change without a person cannot be followed up.", "freshness of employees"),
        filled("action", "Without the kind of change a deletion would be missed.", "headcount"),
        filled("last_changed", "Without the time the next night cannot tell what is new.", "freshness of employees"),
        unique("id", "The list is keyed by person; a repeat means it was cut and joined.", "freshness of employees"),
        known_values("action", ["Inserted", "Updated", "Deleted"], "A new kind of change is not acted on.", "headcount"),
        not_ancient("last_changed", "freshness of employees"),
    ]


def job_info() -> "list[Expectation]":
    """Job history of each changed employee, all rows at once."""
    return [
        columns_present("employee_id last_changed rows", "worker history"),
        filled("employee_id", "A history without a person belongs to nobody.", "worker history"),
        filled("last_changed", "Without the time the next night cannot tell what is new.", "worker history"),
        unique("employee_id", "The table is keyed by person; a repeat means it was cut and joined.", "worker history"),
        # 2026-11-21: a person may be entered before the first job row; more than a tenth is a missing permission on the table
        filled_at_least("rows", 0.9, "People without job rows have no department over time.", "worker history"),
        matches(
            "rows",
            ROWS,
            "Job rows are a list with at least one row.",
            "Another form cannot be unpacked.",
            "worker history",
            severity="warning",
        ),
        not_ancient("last_changed", "worker history"),
    ]


def employment_status() -> "list[Expectation]":
    """Employment history of each changed employee: hires, contract forms, terminations."""
    return [
        columns_present("employee_id last_changed rows", "onboarding cohorts"),
        filled("employee_id", "A history without a person belongs to nobody.", "onboarding cohorts"),
        filled("last_changed", "Without the time the next night cannot tell what is new.", "onboarding cohorts"),
        unique("employee_id", "The table is keyed by person; a repeat means it was cut and joined.", "onboarding cohorts"),
        # 2026-11-21: same reason as job rows
        filled_at_least("rows", 0.9, "People without status rows have no start and no end.", "onboarding cohorts"),
        matches(
            "rows",
            ROWS,
            "Status rows are a list with at least one row.",
            "Another form cannot be unpacked.",
            "onboarding cohorts",
            severity="warning",
        ),
        not_ancient("last_changed", "onboarding cohorts"),
    ]
