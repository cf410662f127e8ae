"""BambooHR records at `now`: employees, what changed when, and the job and employment-status tables.

Everything is text. `reportsTo` in the job table is the manager's name; only /employees knows the manager's id. A deleted
employee is gone from everything but `employees/changed`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.shared import WorkerView, known, midnight, workers_at
from learning_warehouse.simulation.ledger import Ledger

TERMINATION_TYPES = {"voluntary": "Voluntary", "involuntary": "Involuntary"}


@dataclass(frozen=True, slots=True)
class Change:
    """The last thing that happened to one employee."""

    employee_id: str
    action: str  # Inserted | Updated | Deleted
    at: datetime


class BambooRecords:
    """Everything the HRIS shows at one `now`, ordered by employee id (numerically)."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now

    @cached_property
    def _workers(self) -> dict[str, WorkerView]:
        views = workers_at(self.ledger, self.now)
        return dict(sorted(views.items(), key=lambda item: (len(item[0]), item[0])))

    @cached_property
    def _present(self) -> dict[str, WorkerView]:
        return {key: view for key, view in self._workers.items() if not known(view.employee.deleted_from_hris_at, self.now)}

    @cached_property
    def employees(self) -> list[dict[str, Any]]:
        """Every employee not deleted, with all fields that /employees can show."""
        return [self._employee(view) for view in self._present.values()]

    @cached_property
    def changes(self) -> list[Change]:
        """One change per employee, deleted ones included."""
        changes = []
        for key, view in self._workers.items():
            deleted_at = known(view.employee.deleted_from_hris_at, self.now)
            if deleted_at:
                changes.append(Change(key, "Deleted", deleted_at))
            else:
                is_new = view.changed_at <= midnight(view.spells[0].hired)
                changes.append(Change(key, "Inserted" if is_new else "Updated", view.changed_at))
        return changes

    @cached_property
    def tables(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Rows by table and employee id, oldest first."""
        return {
            "jobInfo": {key: self._jobs(view) for key, view in self._present.items()},
            "employmentStatus": {key: _statuses(view) for key, view in self._present.items()},
        }

    def _manager_name(self, employee_id: str | None) -> str | None:
        view = self._workers.get(employee_id) if employee_id else None
        return view.full_name if view else None

    def _jobs(self, view: WorkerView) -> list[dict[str, Any]]:
        return [
            {
                "date": job.start.isoformat(),
                "location": job.location,
                "department": job.department,
                "division": job.division,
                "jobTitle": job.job_title,
                "reportsTo": self._manager_name(job.manager_employee_id),
            }
            for job in view.jobs
        ]

    def _employee(self, view: WorkerView) -> dict[str, Any]:
        employee, job = view.employee, view.job
        manager_id = job.manager_employee_id if job else None
        return {
            "employeeId": employee.employee_id,
            "firstName": employee.first_name,
            "lastName": employee.last_name,
            "preferredName": None,
            "photoUrl": None,
            "jobTitleName": job.job_title if job else None,
            "status": "Active" if view.is_active else "Inactive",
            "workEmail": employee.work_email,
            "hireDate": view.spells[-1].hired.isoformat(),
            "originalHireDate": view.spells[0].hired.isoformat(),
            "divisionName": job.division if job else None,
            "departmentName": job.department if job else None,
            "locationName": job.location if job else None,
            "employmentStatusName": _statuses(view)[-1]["employmentStatus"],
            "reportsToId": manager_id if manager_id in self._workers else None,
            "reportsToName": self._manager_name(manager_id),
        }


def _statuses(view: WorkerView) -> list[dict[str, Any]]:
    working = "Contractor" if view.employee.worker_type == "contractor" else "Full-Time"
    rows = []
    for spell in view.spells:
        rows.append(_status(spell.hired.isoformat(), working, None))
        if spell.terminated:
            rows.append(_status(spell.terminated.isoformat(), "Terminated", spell.termination_type))
    return rows


def _status(day: str, status: str, termination_type: str | None) -> dict[str, Any]:
    return {
        "date": day,
        "employmentStatus": status,
        "comment": "",
        "terminationReasonId": None,
        "terminationTypeId": TERMINATION_TYPES.get(termination_type or ""),
        "terminationRehireId": None,
    }
