"""Suites of Workday, one per stream.

Who is told when one is red: HR operations and whoever writes reports in Workday. Critical holds back the load of that
stream only. Both reports are ours by agreement: a column that is renamed there stops the stream before any suite is run,
so what is red here is the content of the columns.
"""

from typing import TYPE_CHECKING

from expectations.shared import (
    between,
    columns_present,
    filled,
    filled_at_least,
    filled_where,
    keyed_hash,
    known_values,
    matches,
    not_ancient,
    not_before,
    unique,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

ROWS = r"^\s*\[\s*\{"
WORKER_WID = "^[0-9a-f]{32}$"
REPEATS = 0.9  # 2026-11-22: a worker who changes between two pieces of time comes twice; a tenth of a load is a wrong prompt


def workers() -> "list[Expectation]":
    """Everybody Workday knows, working or not: the canonical people of a company that has Workday."""
    return [
        columns_present(
            "employee_id identity_key worker_wid work_email_key worker_status worker_type hire_date termination_date "
            "job_profile supervisory_organization division location fte manager_employee_id last_functionally_updated",
            "every figure by department or role",
        ),
        filled("employee_id", "A worker without an id cannot be matched to anything.", "every figure about employees"),
        filled("identity_key", "Without a key the worker is nobody in the warehouse.", "every figure about employees"),
        keyed_hash("identity_key"),
        keyed_hash("work_email_key"),
        unique("employee_id", "The report joins a worker to several rows; counts would double.", "every figure about employees"),
        matches(
            "worker_wid",
            WORKER_WID,
            "worker_wid is 32 hex characters.",
            "Another form is the id of something else.",
            "worker history",
            severity="warning",
        ),
        filled("worker_status", "Without a status we cannot say who works here.", "headcount"),
        known_values(
            "worker_status", ["Active", "On Leave", "Terminated"], "An unknown status counts as not working.", "headcount"
        ),
        known_values("worker_type", ["Employee", "Contingent Worker"], "An unknown type counts as employee.", "headcount"),
        # 2026-11-22: converted records sometimes lack a date; a tenth is far more than that
        filled_at_least("hire_date", 0.9, "Without a start day somebody belongs to no cohort.", "onboarding cohorts"),
        filled_at_least(
            "supervisory_organization", 0.9, "People without an organization are in no unit's figure.", "check-ins by department"
        ),
        filled_at_least("job_profile", 0.9, "Roles are read from job profiles.", "time to competency"),
        # 2026-11-22: leavers and the chief executive have no manager; a third is generous
        filled_at_least(
            "manager_employee_id", 0.66, "Without a manager a check-in counts for no team.", "check-ins by department"
        ),
        between("fte", 0, 2, "A full-time share over 2 is hours or a percentage, another unit.", "headcount"),
        not_ancient("hire_date", "onboarding cohorts"),
        not_before("termination_date", "hire_date", "Nobody leaves before starting.", "onboarding cohorts"),
        filled_where(
            "termination_date",
            "worker_status == 'Terminated'",
            "terminated",
            "Without the day a leaver leaves in no month.",
            "turnover",
        ),
    ]


def worker_history() -> "list[Expectation]":
    """All job rows and all employment rows of each changed worker."""
    return [
        columns_present("employee_id worker_wid last_functionally_updated job_history employment_history", "worker history"),
        filled("employee_id", "A history without a person belongs to nobody.", "worker history"),
        filled("last_functionally_updated", "Without the time the next night cannot tell what is new.", "worker history"),
        unique("employee_id", "The same worker came more than once.", "worker history", severity="warning", mostly=REPEATS),
        # 2026-11-22: a worker may be entered before the first job row; more than a tenth is a missing right on the domain
        filled_at_least("job_history", 0.9, "People without job rows have no department over time.", "worker history"),
        filled_at_least("employment_history", 0.9, "People without these rows have no start and no end.", "onboarding cohorts"),
        matches(
            "job_history",
            ROWS,
            "Job rows are a list with at least one row.",
            "Another form cannot be unpacked.",
            "worker history",
            severity="warning",
        ),
        matches(
            "employment_history",
            ROWS,
            "Employment rows are a list with at least one row.",
            "Another form cannot be unpacked.",
            "onboarding cohorts",
            severity="warning",
        ),
        not_ancient("last_functionally_updated", "worker history"),
    ]
