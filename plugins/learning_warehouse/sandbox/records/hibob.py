"""HiBob records at `now`: everybody as the search shows them, and the work, lifecycle and employment tables.

Employee ids are those of the ledger: texts of digits like Bob's own, only shorter, because the drop files of the simulated
company speak in them. List fields are numbers with their word beside them. A worker deleted from Bob is gone everywhere.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.shared import WorkerView, known, number_from, workers_at
from learning_warehouse.simulation.ledger import Job, Ledger

CONTRACTS = {"employee": "Permanent", "contractor": "Contractor"}
REASONS = {"voluntary": "Voluntary", "involuntary": "Involuntary"}


@dataclass(frozen=True, slots=True)
class Person:
    """One employee: field id -> value, and field id -> word for what people read differently."""

    is_active: bool
    values: dict[str, Any]
    words: dict[str, str]

    def record(self, fields: list[str], has_words: bool) -> dict[str, Any]:
        """The fields that were asked for, flat and nested, with their words if `has_words`; unknown ones are left out."""
        told = {name: self.values[name] for name in fields if name in self.values}
        record = {f"/{name.replace('.', '/')}": {"value": value} for name, value in told.items()} | _nested(told)
        if has_words:
            record["humanReadable"] = _nested({name: self.words.get(name, value) for name, value in told.items()})
        return record | {"id": self.values["root.id"]}


class HiBobRecords:
    """Everything Bob shows at one `now`, ordered by employee id (numerically)."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now

    @cached_property
    def _by_id(self) -> dict[str, WorkerView]:
        return workers_at(self.ledger, self.now)

    @cached_property
    def _views(self) -> list[WorkerView]:
        present = [view for view in self._by_id.values() if not known(view.employee.deleted_from_hris_at, self.now)]
        return sorted(present, key=lambda view: (len(view.employee.employee_id), view.employee.employee_id))

    @cached_property
    def employees(self) -> list[Person]:
        """Everybody not deleted, leavers included."""
        return [_person(view) for view in self._views]

    @cached_property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Entries by table and employee, oldest first."""
        makers = {"work": self._work, "lifecycle": _lifecycle, "employment": _employment}
        return {
            table: [{"employeeId": view.employee.employee_id, "values": _told(maker(view))} for view in self._views]
            for table, maker in makers.items()
        }

    def _work(self, view: WorkerView) -> list[dict[str, Any]]:
        return [_entry(view, "work", job.start) | _place(job) | {"reportsTo": self._manager(job)} for job in view.jobs]

    def _manager(self, job: Job) -> dict[str, str] | None:
        view = self._by_id.get(job.manager_employee_id or "")
        if view is None:
            return None
        manager = view.employee
        return {
            "id": manager.employee_id,
            "firstName": manager.first_name,
            "surname": manager.last_name,
            "email": manager.work_email,
            "displayName": view.full_name,
        }


def _person(view: WorkerView) -> Person:
    employee, spell, place = view.employee, view.spells[-1], _place(view.job) if view.job else {}
    lists = {f"work.{name}": word for name, word in place.items() if name != "siteId"}
    values = {
        "root.id": employee.employee_id,
        "root.email": employee.work_email,
        "internal.status": "Active" if view.is_active else "Inactive",
        "internal.lifecycleStatus": "Employed" if view.is_active else "Terminated",
        "internal.terminationDate": spell.terminated.isoformat() if spell.terminated else None,
        "work.startDate": spell.hired.isoformat(),
        "work.employeeIdInCompany": int(employee.employee_id),
        **{name: str(200_000_000 + number_from(f"{name}:{word}", 100_000_000)) for name, word in lists.items()},
    }
    return Person(view.is_active, values, {**lists, "work.startDate": spell.hired.strftime("%d/%m/%Y")})


def _place(job: Job) -> dict[str, Any]:
    site = {"site": job.location, "siteId": number_from(f"site:{job.location}", 1_000_000)}
    return {"title": job.job_title, "department": job.department, **site}


def _lifecycle(view: WorkerView) -> list[dict[str, Any]]:
    rows = []
    for spell in view.spells:
        rows.append(
            _entry(view, "lifecycle", spell.hired) | {"status": "Employed", "employeeStatus": "Active", "reasonType": None}
        )
        if spell.terminated:
            ending = {
                "status": "Terminated",
                "employeeStatus": "Inactive",
                "reasonType": REASONS.get(spell.termination_type or ""),
            }
            rows.append(_entry(view, "lifecycle", spell.terminated) | ending)
    return rows


def _employment(view: WorkerView) -> list[dict[str, Any]]:
    kind = {"contract": CONTRACTS[view.employee.worker_type], "type": "Full time", "fte": 100}
    return [_entry(view, "employment", spell.hired) | kind for spell in view.spells]


def _entry(view: WorkerView, table: str, day: date) -> dict[str, Any]:
    number = 1_000_000_000 + number_from(f"{table}:{view.employee.employee_id}:{day}", 1_000_000_000)
    return {"id": number, "effectiveDate": day.isoformat(), "creationDate": day.isoformat(), "modificationDate": day.isoformat()}


def _told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their ends; the last one is current."""
    ends = [row["effectiveDate"] for row in rows[1:]] + [None]
    return [row | {"endEffectiveDate": end, "isCurrent": end is None} for row, end in zip(rows, ends, strict=True)]


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    """`work.title` below `work`, `root.id` at the top."""
    record: dict[str, Any] = {}
    for name, value in values.items():
        group, _, field = name.partition(".")
        (record if group == "root" else record.setdefault(group, {}))[field] = value
    return record
