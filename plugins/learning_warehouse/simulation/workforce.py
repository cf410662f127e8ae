"""From the played history to the ledger's employees: ids, spells, job rows with the manager of the time, test workers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from learning_warehouse.simulation.draws import ENDS_AT, Entity, calendar_day, day_number, stream
from learning_warehouse.simulation.ledger import Employee, Job, Spell
from learning_warehouse.simulation.people import Person, Position, WorkforceHistory, build_positions

_END = day_number(ENDS_AT.date())


@dataclass(slots=True)
class Workforce:
    """The played workforce: `people[i]` is the worker of `employees[i]`; test workers follow behind the last person."""

    positions: list[Position]
    people: list[Person]
    employees: list[Employee]

    def employee_id(self, person: int) -> str:
        return self.employees[person].employee_id


def build_workforce(seed: int, employees: int) -> Workforce:
    """Everybody who ever works here until the end of the ledger, in order of their first appearance."""
    rng = stream(seed, Entity.WORKFORCE)
    positions = build_positions(rng, employees)
    history = WorkforceHistory(rng, positions)
    history.play()
    rows = [_employee(positions, history.people, number) for number in range(len(history.people))]
    return Workforce(positions, history.people, rows + _test_employees(len(rows), rows[0].employee_id))


def _employee(positions: list[Position], people: list[Person], number: int) -> Employee:
    person = people[number]
    spells = tuple(
        Spell(calendar_day(start), None if end is None else calendar_day(end), kind) for start, end, kind in person.spells
    )
    jobs: dict[int, Job] = {}
    for start, end, chair in person.sits:
        position = positions[chair]
        for day, manager in _managers(positions, position.manager, start, end):
            manager_id = None if manager is None else _employee_id(manager)
            jobs[day] = Job(
                calendar_day(day), position.location, position.department, position.division, position.title, manager_id
            )
    ordered = tuple(jobs[day] for day in sorted(jobs))
    return Employee(
        _employee_id(number), person.first_name, person.last_name, person.work_email, person.worker_type, spells, ordered
    )


def _managers(positions: list[Position], chair: int | None, start: int, end: int | None) -> list[tuple[int, int | None]]:
    if chair is None:
        return [(start, None)]
    rows: list[tuple[int, int | None]] = []
    for begun, ended, person in positions[chair].sits:
        if (ended is None or ended > start) and begun < (_END if end is None else end) and begun != ended:
            rows.append((max(begun, start), person))
    if not rows or rows[0][0] > start:
        rows.insert(0, (start, None))
    return rows


def _employee_id(number: int) -> str:
    return str(1001 + number)


def _test_employees(people: int, chief: str) -> list[Employee]:
    deletions = (datetime(2026, 12, 3, 10, 15, tzinfo=UTC), datetime(2027, 1, 12, 14, 30, tzinfo=UTC))
    return [
        Employee(
            employee_id=_employee_id(people + number),
            first_name="Test",
            last_name=f"Worker {number + 1}",
            work_email=f"test.worker{number + 1}@halden-test.example",
            worker_type="employee",
            spells=(Spell(date(2025, 2, 3)),),
            jobs=(Job(date(2025, 2, 3), "Berlin", "IT", "Corporate", "IT Specialist", chief),),
            deleted_from_hris_at=deleted_at,
        )
        for number, deleted_at in enumerate(deletions)
    ]
