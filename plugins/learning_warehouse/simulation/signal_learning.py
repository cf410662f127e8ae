"""What employees completed, as arrays: the ground for practice, use on the job, surveys and figures after learning."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from learning_warehouse.simulation.draws import DAY, day_number
from learning_warehouse.simulation.ledger import Course, Enrollment

PROGRAMS = (
    "AGT-BILLING",
    "AGT-INTEGRATIONS",
    "AGT-REPORTING",
    "OWN",
    "ONB-AGT",
    "ONB-SEL",
    "ONB-ENG",
    "MAND",
    "CUST",
    "LIB",
)
SKILL_OF = {
    "AGT-BILLING": "billing",
    "AGT-INTEGRATIONS": "integrations",
    "AGT-REPORTING": "reporting",
    "OWN": "negotiation",
    "ONB-AGT": "troubleshooting",
    "ONB-SEL": "discovery",
    "ONB-ENG": "coding",
    "MAND": "planning",
    "CUST": "planning",
    "LIB": "planning",
}
SETTLED = day_number(date(2025, 3, 1)) * DAY  # a quarter after the first observed day


@dataclass(slots=True)
class Completions:
    """Passed enrollments of workers in order of time; `program` is a place in PROGRAMS, `is_first` per person and program."""

    person: np.ndarray
    at: np.ndarray
    program: np.ndarray
    code: list[str]
    is_first: np.ndarray

    def of(self, *programs: str) -> np.ndarray:
        """Mask of the completions of some programs."""
        return np.isin(self.program, [PROGRAMS.index(name) for name in programs])

    def first_chosen(self) -> dict[int, int]:
        """By person, the second of the first completed course that is not mandatory, counted from SETTLED on."""
        counted = ~self.of("MAND", "CUST") & (self.at >= SETTLED)
        found: dict[int, int] = {}
        for person, at in zip(self.person[counted].tolist(), self.at[counted].tolist(), strict=True):
            found.setdefault(person, at)
        return found


def program_of(code: str) -> str:
    """The program whose code is the longest beginning of a course code."""
    return max((name for name in PROGRAMS if code.startswith(name + "-") or code == name), key=len)


def collect_completions(enrollments: list[Enrollment], courses: list[Course], persons: dict[str, int]) -> Completions:
    """Every passed enrollment of a worker; `persons` is the person by LMS user id."""
    programs = {course.course_id: (PROGRAMS.index(program_of(course.code)), course.code) for course in courses}
    drawn = []
    for row in enrollments:
        person = persons.get(row.user_id)
        if person is not None and row.passed and row.completed_at is not None:
            drawn.append((int(row.completed_at.timestamp()), person, *programs[row.course_id]))
    drawn.sort()
    seen: set[tuple[int, int]] = set()
    first = []
    for _, person, program, _ in drawn:
        first.append((person, program) not in seen)
        seen.add((person, program))
    numbers = np.array([row[:3] for row in drawn], dtype=np.int64).reshape(-1, 3)
    codes = [code for _, _, _, code in drawn]
    return Completions(numbers[:, 1], numbers[:, 0], numbers[:, 2], codes, np.array(first, dtype=bool))
