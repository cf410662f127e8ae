"""Workday report rows at `now`: every worker as of a day, and the whole history of each.

Everything is text, times are those of the data center in California, blank columns are empty texts. A worker deleted from the
HRIS is gone from both reports. A history is a function of its Last_Functionally_Updated.
"""

from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from learning_warehouse.sandbox.records.shared import WorkerView, guid, known, midnight, workers_at
from learning_warehouse.simulation.ledger import Job, Ledger

DATA_CENTER = ZoneInfo("America/Los_Angeles")
WORKER_TYPES = {"employee": "Employee", "contractor": "Contingent Worker"}
TERMINATION_CATEGORIES = {"voluntary": "Voluntary", "involuntary": "Involuntary", "other": "Other"}
LEVELS = {
    "Chief Executive": "2 Chief Officer",
    "Vice President": "4 Vice President",
    "Director": "5 Director",
    "Team Lead": "7 Team Lead",
}


class WorkdayRecords:
    """Rows of the two agreed reports, ordered by employee id (numerically)."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now

    @cached_property
    def views(self) -> dict[str, WorkerView]:
        """Every worker not deleted, by employee id."""
        views = workers_at(self.ledger, self.now)
        present = {key: view for key, view in views.items() if not known(view.employee.deleted_from_hris_at, self.now)}
        return dict(sorted(present.items(), key=lambda item: (len(item[0]), item[0])))

    def workers(self, as_of: date) -> list[dict[str, Any]]:
        """One row per worker hired by `as_of`, as on that day; days after `now` know nothing more than now."""
        day = min(self.now, midnight(as_of).replace(hour=23, minute=59, second=59))
        if day == self.now:
            return [_worker(view) for view in self.views.values()]
        earlier = workers_at(self.ledger, day)
        return [_worker(earlier[key]) for key in self.views if key in earlier]

    @cached_property
    def histories(self) -> list[tuple[datetime, dict[str, Any]]]:
        """When each worker last changed, and the row with the whole history."""
        return [(view.changed_at, _history(view)) for view in self.views.values()]


def _worker(view: WorkerView) -> dict[str, Any]:
    employee, spell = view.employee, view.spells[-1]
    return {
        "Employee_ID": employee.employee_id,
        "Worker_WID": worker_wid(employee.employee_id),
        "Preferred_Name": view.full_name,
        "Work_Email": employee.work_email,
        "Worker_Status": "Active" if view.is_active else "Terminated",
        "Worker_Type": WORKER_TYPES[employee.worker_type],
        "Hire_Date": spell.hired.isoformat(),
        "Termination_Date": spell.terminated.isoformat() if spell.terminated else "",
        **(_job(view.job) if view.job else {}),
        "Effective_Date": view.changed_at.date().isoformat(),
        "Last_Functionally_Updated": moment_text(view.changed_at),
    }


def _history(view: WorkerView) -> dict[str, Any]:
    return {
        "Employee_ID": view.employee.employee_id,
        "Worker_WID": worker_wid(view.employee.employee_id),
        "Last_Functionally_Updated": moment_text(view.changed_at),
        "Job_History": [{**_since(job.start), **_job(job)} for job in view.jobs],
        "Employment_History": _employments(view),
    }


def _employments(view: WorkerView) -> list[dict[str, Any]]:
    rows = []
    kind = WORKER_TYPES[view.employee.worker_type]
    for spell in view.spells:
        rows.append({**_since(spell.hired), "Worker_Status": "Active", "Worker_Type": kind, **_ending(None)})
        if spell.terminated:
            row = {**_since(spell.terminated), "Worker_Status": "Terminated", "Worker_Type": kind}
            rows.append({**row, **_ending(spell.termination_type or "other")})
    return rows


def _ending(kind: str | None) -> dict[str, str]:
    category = TERMINATION_CATEGORIES[kind] if kind else ""
    return {"Termination_Category": category, "Termination_Reason": f"{category} > General" if category else ""}


def _since(day: date) -> dict[str, str]:
    return {"Effective_Date": day.isoformat(), "Entry_Moment": moment_text(midnight(day))}


def _job(job: Job) -> dict[str, str]:
    return {
        "Job_Profile": job.job_title,
        "Job_Family": job.department.partition(" ")[0],
        "Management_Level": LEVELS.get(job.job_title, "8 Individual Contributor"),
        "Supervisory_Organization": job.department,
        "Division": job.division,
        "Location": job.location,
        "FTE": "1",
        "Manager_Employee_ID": job.manager_employee_id or "",
    }


def worker_wid(employee_id: str) -> str:
    """A stable Workday id: 32 hex characters."""
    return guid("workday worker", employee_id).replace("-", "")


def moment_text(moment: datetime) -> str:
    """A UTC time as Workday writes it: local time of the data center with its offset."""
    return moment.astimezone(DATA_CENTER).isoformat(timespec="milliseconds")
