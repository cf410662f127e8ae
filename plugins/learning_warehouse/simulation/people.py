"""The workforce: positions in a tree of teams, and the people who are hired into them, move, leave and come back.

Every person sits in one position at a time. A manager's position is refilled the day it empties, so the reporting line is
always a tree; a member's position stays empty for some weeks. Leaving rates differ by role and double in the first half
year, which makes leaving a competing risk for becoming competent.
"""

import heapq
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.draws import ENDS_AT, day_number
from learning_warehouse.simulation.names import FIRST_NAMES, LAST_NAMES

HISTORY_FROM = day_number(date(2024, 3, 1))
FOUNDED = day_number(date(2016, 1, 4))
_END = day_number(ENDS_AT.date())
_LOCATIONS = ("Berlin", "Hamburg", "Dublin", "Lisbon", "Toronto")
EXECUTIVE_TITLES = ("Chief Executive", "Vice President", "Director", "Team Lead")


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of team: how many of it a company of 1,500 has, how large, and the share of members leaving in a year."""

    title: str
    department: str
    division: str
    teams: int
    fewest_teams: int
    team_size: int
    leaving_rate: float
    contractor_share: float = 0.0


ROLES = (
    Role("Account Executive", "Sales", "Commercial", 24, 4, 6, 0.22),
    Role("Support Agent", "Support", "Customers", 10, 2, 8, 0.20),
    Role("Customer Success Manager", "Customer Success", "Customers", 7, 1, 7, 0.10),
    Role("Engineer", "Engineering", "Product and Engineering", 50, 4, 8, 0.11, 0.09),
    Role("Product Manager", "Product", "Product and Engineering", 6, 1, 8, 0.08),
    Role("Marketing Specialist", "Marketing", "Commercial", 10, 1, 8, 0.09),
    Role("Accountant", "Finance", "Corporate", 7, 1, 8, 0.06),
    Role("People Partner", "People", "Corporate", 5, 1, 8, 0.08),
    Role("IT Specialist", "IT", "Corporate", 13, 1, 8, 0.08, 0.14),
)


@dataclass(slots=True)
class Position:
    """One chair: a title in a team below the chair of its manager; members' chairs may open later than the company."""

    title: str
    department: str
    division: str
    location: str
    manager: int | None
    leaving_rate: float
    contractor_share: float
    opens: int
    sits: list[tuple[int, int | None, int]] = field(default_factory=list)  # from day, to day, person

    @property
    def leads(self) -> bool:
        return self.title in EXECUTIVE_TITLES

    def occupant(self, day: int) -> int | None:
        """The person sitting here on a day, or nobody."""
        return next((person for start, end, person in self.sits if start <= day and (end is None or day < end)), None)


@dataclass(slots=True)
class Person:
    """One worker while the history is being played."""

    first_name: str
    last_name: str
    work_email: str
    worker_type: str
    spells: list[tuple[int, int | None, str | None]] = field(default_factory=list)
    sits: list[tuple[int, int | None, int]] = field(default_factory=list)  # from day, to day, position


def build_positions(rng: Generator, employees: int) -> list[Position]:
    """All chairs of a company of about `employees` current and past workers; a manager's chair precedes its reports'."""
    scale = employees / 1500
    everyone_from = HISTORY_FROM
    positions = [Position("Chief Executive", "Management", "Corporate", "Berlin", None, 0.0, 0.0, everyone_from)]
    for role in ROLES:
        teams = max(role.fewest_teams, round(role.teams * scale))
        teams += teams % 2 if role.title == "Account Executive" else 0
        head = len(positions)
        positions.append(Position("Vice President", role.department, role.division, "Berlin", 0, 0.04, 0.0, everyone_from))
        above = head
        department = role.department
        for team in range(teams):
            if teams > 3 and team % 6 == 0:
                department = f"{role.department} {chr(ord('A') + team // 6)}"
                above = len(positions)
                positions.append(Position("Director", department, role.division, "Berlin", head, 0.05, 0.0, everyone_from))
            location = _LOCATIONS[int(rng.integers(len(_LOCATIONS)))]
            lead = len(positions)
            positions.append(Position("Team Lead", department, role.division, location, above, 0.06, 0.0, everyone_from))
            for _ in range(role.team_size):
                opens = int(rng.integers(HISTORY_FROM + 120, _END)) if rng.random() < 0.10 else everyone_from
                positions.append(
                    Position(
                        role.title, department, role.division, location, lead, role.leaving_rate, role.contractor_share, opens
                    )
                )
    return positions


class WorkforceHistory:
    """Plays hires, departures, promotions, moves and rehires from HISTORY_FROM to the end of the ledger."""

    def __init__(self, rng: Generator, positions: list[Position]) -> None:
        self.rng = rng
        self.positions = positions
        self.people: list[Person] = []
        self._names: set[tuple[str, str]] = set()
        self._addresses: set[str] = set()
        self._events: list[tuple[int, int, str, int]] = []
        self._turn = 0
        self._leavers: dict[str, list[int]] = {}
        self._reports: dict[int, list[int]] = {}
        for index, position in enumerate(positions):
            if position.manager is not None:
                self._reports.setdefault(position.manager, []).append(index)

    def play(self) -> None:
        """Fill every chair, then run all events in order of their day."""
        for index, position in enumerate(self.positions):
            if position.opens > HISTORY_FROM:
                self._plan(position.opens, "fill", index)
                continue
            mean = 2200 if position.leads else 1100
            tenure = min(int(self.rng.exponential(mean)) + 30, HISTORY_FROM - FOUNDED)
            self._seat(self._new_person(position), index, HISTORY_FROM - tenure, hire=True, leave_from=HISTORY_FROM)
        while self._events:
            day, _, kind, index = heapq.heappop(self._events)
            if day >= _END:
                break
            if kind == "leave":
                self._leave(index, day)
            else:
                self._fill(index, day)

    def _plan(self, day: int, kind: str, index: int) -> None:
        self._turn += 1
        heapq.heappush(self._events, (day, self._turn, kind, index))

    def _new_person(self, position: Position) -> int:
        while True:
            name = (FIRST_NAMES[self.rng.integers(len(FIRST_NAMES))], LAST_NAMES[self.rng.integers(len(LAST_NAMES))])
            if name not in self._names or self.rng.random() < 0.03:
                break
        self._names.add(name)
        address, number = f"{name[0]}.{name[1]}".lower(), 1
        while address in self._addresses:
            number += 1
            address = f"{name[0]}.{name[1]}{number}".lower()
        self._addresses.add(address)
        kind = "contractor" if self.rng.random() < position.contractor_share else "employee"
        self.people.append(Person(name[0], name[1], f"{address}@halden.example", kind))
        return len(self.people) - 1

    def _seat(self, person: int, index: int, day: int, hire: bool, leave_from: int | None = None) -> None:
        position = self.positions[index]
        position.sits.append((day, None, person))
        self.people[person].sits.append((day, None, index))
        if hire:
            self.people[person].spells.append((day, None, None))
        if position.leaving_rate == 0:
            return
        begin = day if leave_from is None else leave_from
        wait = self.rng.exponential(365 / position.leaving_rate)
        if hire and leave_from is None and not position.leads:
            wait = wait / 2 if wait / 2 < 180 else wait - 180
        self._plan(begin + max(3, int(wait)), "leave", index)

    def _empty(self, index: int, day: int) -> int:
        position = self.positions[index]
        start, _, person = position.sits[-1]
        position.sits[-1] = (start, day, person)
        begun, _, _ = self.people[person].sits[-1]
        self.people[person].sits[-1] = (begun, day, index)
        self._events = [event for event in self._events if not (event[2] == "leave" and event[3] == index)]
        heapq.heapify(self._events)
        return person

    def _leave(self, index: int, day: int) -> None:
        person = self._empty(index, day)
        hired, _, _ = self.people[person].spells[-1]
        kind = str(self.rng.choice(["voluntary", "involuntary", "other"], p=[0.70, 0.24, 0.06]))
        self.people[person].spells[-1] = (hired, day, kind)
        self._leavers.setdefault(self.positions[index].title, []).append(person)
        self._refill(index, day)

    def _refill(self, index: int, day: int) -> None:
        if self.positions[index].leads:
            self._fill(index, day)
        else:
            self._plan(day + 7 + int(self.rng.exponential(25)), "fill", index)

    def _fill(self, index: int, day: int) -> None:
        position = self.positions[index]
        source = self._inside_candidate(index, day)
        if source is not None:
            person = self._empty(source, day)
            self._seat(person, index, day, hire=False)
            self._refill(source, day)
            return
        former = [
            person
            for person in self._leavers.get(position.title, [])
            if self.people[person].spells[-1][1] is not None and day - int(self.people[person].spells[-1][1] or day) > 60
        ]
        if former and self.rng.random() < 0.05:
            person = former[int(self.rng.integers(len(former)))]
            self._leavers[position.title].remove(person)
        else:
            person = self._new_person(position)
        self._seat(person, index, day, hire=True)

    def _inside_candidate(self, index: int, day: int) -> int | None:
        position = self.positions[index]
        if position.leads:
            pool = self._reports.get(index, [])
            chance = 0.6
        else:
            pool = [other for other, seat in enumerate(self.positions) if seat.title == position.title and other != index]
            chance = 0.10
        if self.rng.random() >= chance:
            return None
        pool = [other for other in pool if self._movable(other, day)]
        return pool[int(self.rng.integers(len(pool)))] if pool else None

    def _movable(self, index: int, day: int) -> bool:
        sits = self.positions[index].sits
        if not sits or sits[-1][1] is not None or day - sits[-1][0] < 200:
            return False
        return self.people[sits[-1][2]].worker_type == "employee"


def occupancy(positions: list[Position], title: str, first_day: int, last_day: int) -> tuple[list[int], np.ndarray]:
    """Who sits where, day by day: chair numbers with that title, and an array [chair, day] of people, -1 where empty."""
    chairs = [index for index, position in enumerate(positions) if position.title == title]
    table = np.full((len(chairs), last_day - first_day), -1, dtype=np.int32)
    for row, index in enumerate(chairs):
        for start, end, person in positions[index].sits:
            table[row, max(start - first_day, 0) : max((last_day if end is None else end) - first_day, 0)] = person
    return chairs, table
