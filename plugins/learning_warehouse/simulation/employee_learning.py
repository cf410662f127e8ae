"""What employees learn: yearly mandatory courses, role assessments of starters, agent and owner training, the library."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.catalog import (
    AGENT_COURSES,
    LIBRARY,
    MANDATORY,
    OWNER_COURSE,
    ROLE_COURSES,
    EnrollmentBook,
)
from learning_warehouse.simulation.draws import DAY, ENDS_AT, HOUR, MINUTE, OBSERVED_FROM, Entity, day_number, stream
from learning_warehouse.simulation.learners import LearnerBook
from learning_warehouse.simulation.people import Person
from learning_warehouse.simulation.workforce import Workforce

_FIRST_DAY = day_number(OBSERVED_FROM.date())
_LAST_DAY = day_number(ENDS_AT.date())
_ROLE_STARTS_FROM = day_number(date(2024, 9, 1))
_AGENT_TRAINING_FROM = day_number(date(2025, 4, 1))
_AGENT_TRAINING_DAYS = 560
_LIBRARY_YEARLY = 12.0


@dataclass(slots=True)
class AgentSkills:
    """By person: how many hours above or below the usual an agent needs, and when each category's training was completed."""

    level: dict[int, float]
    trained_at: dict[tuple[int, str], int]


def build_agent_skills(seed: int, workforce: Workforce) -> AgentSkills:
    """Better agents are trained first, category by category, in staggered months; about half are trained at the first night."""
    rng = stream(seed, Entity.AGENTS)
    agents = [
        number
        for number, person in enumerate(workforce.people)
        if any(workforce.positions[chair].title == "Support Agent" for _, _, chair in person.sits)
    ]
    level = {number: float(np.clip(rng.normal(0, 0.8), -1.8, 1.8)) for number in agents}
    trained: dict[tuple[int, str], int] = {}
    for category in AGENT_COURSES:
        places = np.argsort(np.array([level[number] for number in agents]) + rng.normal(0, 0.6, len(agents)))
        for place, index in enumerate(places.tolist()):
            share = place / len(agents)
            if share > 0.62:
                continue
            number = agents[index]
            start, end = _chair_days(workforce, number, "Support Agent")
            wanted = _AGENT_TRAINING_FROM + share / 0.62 * _AGENT_TRAINING_DAYS + rng.normal(0, 45)
            day = max(int(wanted), _AGENT_TRAINING_FROM - 20, start + 60)
            if day < end:
                trained[(number, category)] = day * DAY + 7 * HOUR + int(rng.integers(0, 9 * 60)) * MINUTE
    return AgentSkills(level, trained)


def _chair_days(workforce: Workforce, number: int, title: str) -> tuple[int, int]:
    sits = [sit for sit in workforce.people[number].sits if workforce.positions[sit[2]].title == title]
    last = sits[-1][1]
    return sits[0][0], _LAST_DAY if last is None else last


@dataclass(slots=True)
class EmployeeLearning:
    """Writes the enrollments of the workforce, one person after the other."""

    rng: Generator
    workforce: Workforce
    learners: LearnerBook
    enrollments: EnrollmentBook
    skills: AgentSkills
    owners_trained: dict[int, int]

    def teach(self) -> None:
        """All enrollments of all people, test workers excluded."""
        campaigns = [
            (code, day_number(date(year, month, 15)), day_number(date(year, month + 2, 15)))
            for year in (2025, 2026, 2027)
            for code, month in zip(MANDATORY, (1, 4, 9), strict=True)
        ]
        for number, person in enumerate(self.workforce.people):
            user = self.learners.of_employee[self.workforce.employee_id(number)]
            eager = float(self.rng.lognormal(-0.45, 0.95))
            for hired, left, _ in person.spells:
                until = _LAST_DAY if left is None else left
                self._mandatory(user, hired, until, campaigns)
                self._library(user, max(hired, _FIRST_DAY), until, eager)
            self._role(user, person)
            self._agent(user, number)
            self._owner(user, number)

    def _mandatory(self, user: str, hired: int, until: int, campaigns: list[tuple[str, int, int]]) -> None:
        duties = [(code, given, due) for code, given, due in campaigns if hired <= given < until]
        if hired >= _FIRST_DAY:
            duties += [(code, hired, hired + 30) for code in MANDATORY]
        for code, given, due in duties:
            added = given * DAY + 6 * HOUR
            keen, done = self.rng.beta(2.2, 1.3), self.rng.random() < 0.95
            late = int(self.rng.exponential(12)) if self.rng.random() < 0.08 else 0
            completed = added + int(keen * (due - given) * DAY) // MINUTE * MINUTE + late * DAY + 8 * HOUR
            started = max(added + HOUR, completed - int(self.rng.integers(25, 4000)) * MINUTE)
            gone = until * DAY
            finished = done and completed < gone
            self.enrollments.add(
                user,
                code,
                added,
                started if started < gone and (finished or self.rng.random() < 0.4) else None,
                completed if finished else None,
                int(self.rng.integers(12, 45)) if finished else 0,
                due=due * DAY + 22 * HOUR,
                score=float(self.rng.integers(80, 101)),
            )

    def _library(self, user: str, begin: int, until: int, eager: float) -> None:
        rng = self.rng
        if until <= begin:
            return
        count = int(rng.poisson(_LIBRARY_YEARLY * 1.63 * eager * (until - begin) / 365))
        if count == 0:
            return
        added = np.sort(rng.integers(begin, until, count)) * DAY + rng.integers(6 * 60, 17 * 60, count) * MINUTE
        picks = np.concatenate([rng.permutation(len(LIBRARY)) for _ in range(count // len(LIBRARY) + 1)])[:count]
        wait = (rng.exponential(2, count) * DAY).astype(int) // MINUTE * MINUTE
        length = (rng.exponential(6, count) * DAY).astype(int) // MINUTE * MINUTE + 15 * MINUTE
        starts, finishes, chosen = rng.random(count) < 0.88, rng.random(count) < 0.80, rng.random(count) < 0.72
        minutes = rng.integers(10, 75, count)
        for row in range(count):
            started = int(added[row] + wait[row])
            completed = started + int(length[row])
            begun = bool(starts[row]) and started < until * DAY
            done = begun and bool(finishes[row]) and completed < until * DAY
            self.enrollments.add(
                user,
                LIBRARY[int(picks[row])],
                int(added[row]),
                started if begun else None,
                completed if done else None,
                int(minutes[row]) if done else int(minutes[row]) // 4 if begun else 0,
                self_enrolled=bool(chosen[row]),
            )

    def _role(self, user: str, person: Person) -> None:
        hired, left, _ = person.spells[0]
        code = ROLE_COURSES.get(self.workforce.positions[person.sits[0][2]].title)
        if code is None or hired < _ROLE_STARTS_FROM:
            return
        rng = self.rng
        gone = (_LAST_DAY + 200 if left is None else left) * DAY
        added = (hired + int(rng.integers(1, 6))) * DAY + 9 * HOUR
        competent = max(hired * DAY + int(rng.lognormal(np.log(88), 0.5) * DAY) // MINUTE * MINUTE, added + 5 * DAY)
        if rng.random() < 0.40:
            failed = added + int((competent - added) * rng.uniform(0.4, 0.75)) // MINUTE * MINUTE
            score = float(rng.integers(48, 80))
            if failed >= gone:
                self.enrollments.add(user, code, added, added + DAY, None, 20)
                return
            self.enrollments.add(user, code, added, added + DAY, failed, 70, score=score, passed=False)
            added = failed + DAY
        started = min(added + DAY, competent - HOUR)
        if added >= gone:
            return
        done = competent < gone
        self.enrollments.add(
            user,
            code,
            added,
            max(started, added) if max(started, added) < gone else None,
            competent if done else None,
            75 if done else 15,
            score=float(rng.integers(80, 101)),
        )

    def _agent(self, user: str, number: int) -> None:
        for category, code in AGENT_COURSES.items():
            at = self.skills.trained_at.get((number, category))
            if at is not None:
                added = at - int(self.rng.integers(3, 20)) * DAY
                self.enrollments.add(user, code, added, added + DAY, at, int(self.rng.integers(70, 140)))

    def _owner(self, user: str, number: int) -> None:
        at = self.owners_trained.get(number)
        if at is not None:
            added = at - int(self.rng.integers(1, 3)) * DAY
            self.enrollments.add(user, OWNER_COURSE, added, added + 2 * HOUR, at, int(self.rng.integers(110, 190)))


def teach_employees(
    seed: int,
    workforce: Workforce,
    learners: LearnerBook,
    enrollments: EnrollmentBook,
    skills: AgentSkills,
    owners_trained: dict[int, int],
) -> None:
    """Add all enrollments of the workforce."""
    rng = stream(seed, Entity.EMPLOYEE_LEARNING)
    EmployeeLearning(rng, workforce, learners, enrollments, skills, owners_trained).teach()
