"""Suites of HiBob, one per stream.

Who is told when one is red: HR operations. Critical holds back the load of that stream only. Every stream is a whole
snapshot each night, and Bob leaves out without a word what the service user may not see: blanks are missing rights.
"""

from typing import TYPE_CHECKING

from expectations.shared import (
    columns_present,
    filled,
    filled_at_least,
    filled_where,
    keyed_hash,
    known_values,
    matches,
    not_ancient,
    unique,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

ROWS = r"^\s*\[\s*\{"
STATUSES = ["Hired", "Employed", "Leave", "Parental leave", "Garden leave", "Terminated"]


def employees() -> "list[Expectation]":
    """Everybody Bob knows, working or not: the canonical people of a company that has HiBob."""
    return [
        columns_present(
            "id identity_key email_key status lifecycle_status termination_date start_date title department site",
            "every figure by department or role",
        ),
        filled("id", "A worker without an id cannot be matched to anything.", "every figure about employees"),
        filled("identity_key", "Without a key the worker is nobody in the warehouse.", "every figure about employees"),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique("id", "Somebody came twice; counts would double.", "every figure about employees"),
        filled("status", "Without a status we cannot say who may log in.", "headcount"),
        known_values("lifecycle_status", STATUSES, "Statuses of a company's own count as working.", "headcount"),
        # 2026-11-22: imported leavers sometimes lack a date; a tenth is far more than that
        filled_at_least("start_date", 0.9, "Without a start day somebody belongs to no cohort.", "onboarding cohorts"),
        filled_at_least("department", 0.9, "People without a department are in no unit's figure.", "check-ins by department"),
        filled_at_least("title", 0.9, "Roles are read from job titles.", "time to competency"),
        not_ancient("start_date", "onboarding cohorts"),
        filled_where(
            "termination_date",
            "lifecycle_status == 'Terminated'",
            "terminated",
            "Without the day a leaver leaves in no month.",
            "turnover",
        ),
    ]


def work_history() -> "list[Expectation]":
    """All places of each employee: title, department, site, and the manager's id."""
    return _history("People without work entries have no department over time.", "worker history")


def lifecycle_history() -> "list[Expectation]":
    """All lifecycle entries of each employee: when somebody began, went on leave, ended."""
    return _history("People without lifecycle entries never began.", "headcount")


def employment_history() -> "list[Expectation]":
    """All contracts of each employee; they tell contractors from employees."""
    return _history("People without a contract entry count as employees.", "figures of contractors")


def _history(means: str, touches: str) -> "list[Expectation]":
    return [
        columns_present("employee_id entries", touches),
        filled("employee_id", "Entries without a person belong to nobody.", touches),
        unique("employee_id", "Pages shifted while we read; somebody else may be missing.", touches),
        # 2026-11-22: somebody just entered may have no entry; a tenth is a missing right to see histories
        filled_at_least("entries", 0.9, means, touches),
        matches(
            "entries",
            ROWS,
            "Entries are a list with at least one row.",
            "Another form cannot be unpacked.",
            touches,
            severity="warning",
        ),
    ]
