"""What the headline figures are counted on: core rows of one company, indexed by person, and plain date arithmetic."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from learning_warehouse.simulation.core_view import Row

WORKERS = ("employee", "contractor")


class Headline(NamedTuple):
    """One figure: its value (nothing where nothing is recorded), what it counts, and out of how many."""

    value: float | None
    n: float
    denominator: float


def share(n: float, denominator: float) -> Headline:
    """n out of denominator."""
    return Headline(n / denominator if denominator else None, n, denominator)


def next_month(month: date) -> date:
    """The first day of the following month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def midnight(day: date) -> datetime:
    """The naive midnight at which a day begins."""
    return datetime.combine(day, datetime.min.time())


def valid_on(row: Row, day: date) -> bool:
    """Whether a row of the worker history holds on a day."""
    return row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])


class Facts:
    """Core tables by name; months are whole months before the night, `month` the last of them."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.company = tables["dim_company"][0]
        self.as_of: datetime = self.company["as_of_at"]
        self.month = month_before(self.as_of.date())

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    @cached_property
    def people(self) -> dict[str, Row]:
        """People by key, test people left out."""
        return {row["person_key"]: row for row in self["dim_people"] if not row["is_test"]}

    @cached_property
    def courses(self) -> dict[str, Row]:
        """Courses by id."""
        return {row["course_id"]: row for row in self["dim_courses"]}

    @cached_property
    def history(self) -> dict[str, list[Row]]:
        """Rows of the worker history by person."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self["dim_worker_history"]:
            found[row["person_key"]].append(row)
        return found

    @cached_property
    def enrollments_of(self) -> dict[str, list[Row]]:
        """Enrollments by person."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self["fct_enrollments"]:
            found[row["person_key"]].append(row)
        return found

    def works_on(self, person: str | None, day: date) -> bool:
        """Whether somebody works here on a day."""
        return any(valid_on(row, day) for row in self.history.get(person or "", ()))

    def staff(self, month: date) -> set[str]:
        """Workers on the last day of a month, test people left out."""
        last = next_month(month) - timedelta(days=1)
        return {key for key in self.history if key in self.people and self.works_on(key, last)}

    def is_worker(self, person: str | None) -> bool:
        """Whether the person is known, real, and an employee or contractor."""
        row = self.people.get(person or "")
        return row is not None and row["audience"] in WORKERS

    def in_month(self, moment: datetime | None, month: date) -> bool:
        """Whether a moment lies in a month and before the night."""
        return moment is not None and midnight(month) <= moment < midnight(next_month(month)) and moment < self.as_of

    def rows(self, table: str, **values: Any) -> list[Row]:
        """The rows of a table with these values."""
        return [row for row in self[table] if all(row[name] == value for name, value in values.items())]
