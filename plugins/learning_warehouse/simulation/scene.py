"""Who sits where in which week: the ground on which signals are drawn.

Weeks run from Monday to Monday. A worker counts in a week only when in the same chair on all of its days, so nothing
happens to people before they come or after they leave. Arrays are [person, week] or [chair, week]; -1 means nobody.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.draws import DAY, ENDS_AT, HOUR, MINUTE, day_number
from learning_warehouse.simulation.workforce import Workforce

FIRST_MONDAY = day_number(date(2024, 12, 2))
WEEKS = (day_number(ENDS_AT.date()) - FIRST_MONDAY) // 7
SIGNAL_STREAMS = 100


def signal_rng(seed: int, number: int) -> Generator:
    """A random stream of its own for one theme of the signals; none of them touches the streams of `draws.Entity`."""
    return np.random.default_rng([seed, SIGNAL_STREAMS + number])


def week_of(day: date) -> int:
    """The number of the week that holds a day; 0 begins on FIRST_MONDAY."""
    return (day_number(day) - FIRST_MONDAY) // 7


@dataclass(slots=True)
class Events:
    """Drawn events in order of time: who, in which week, and when (seconds)."""

    person: np.ndarray
    week: np.ndarray
    at: np.ndarray

    def __len__(self) -> int:
        return len(self.at)

    def pick(self, chosen: np.ndarray) -> "Events":
        """The events of a mask or of positions."""
        return Events(self.person[chosen], self.week[chosen], self.at[chosen])


@dataclass(slots=True)
class Scene:
    """The workforce by week."""

    workforce: Workforce
    ids: list[str]  # employee id by person
    chair: np.ndarray  # [person, week]
    manager: np.ndarray  # [person, week] person
    title: np.ndarray  # by chair
    department: np.ndarray  # by chair
    leads: np.ndarray  # by chair
    hired: np.ndarray  # by person, day of the first hire
    gone: np.ndarray  # by person, day after which the person never comes back
    quits: np.ndarray  # by person, whether the last spell ends by the person's own wish

    @property
    def here(self) -> np.ndarray:
        """[person, week], whether somebody works in the week."""
        return self.chair >= 0

    def titled(self, *titles: str) -> np.ndarray:
        """[person, week], whether somebody holds one of these titles."""
        return self.here & np.isin(self.title, titles)[self.chair]

    def titled_in(self, week: int, *titles: str) -> np.ndarray:
        """Persons who hold one of these titles in a week."""
        return np.flatnonzero(self.here_in(week) & np.isin(self.title, titles)[self.chair[:, week]])

    def leading_in(self, week: int) -> np.ndarray:
        """Persons who lead people in a week."""
        return np.flatnonzero(self.here_in(week) & self.leads[self.chair[:, week]])

    def here_in(self, week: int) -> np.ndarray:
        """By person, whether somebody works in a week."""
        return self.chair[:, week] >= 0

    def leading(self) -> np.ndarray:
        """[person, week], whether somebody leads people."""
        return self.here & self.leads[self.chair]

    def draw(self, rng: Generator, weekly: np.ndarray | float, first: date, last: date | None = None) -> Events:
        """Poisson events at `weekly` [person, week] (or anything that broadcasts) on working days from 7 to 17 o'clock."""
        begin, end = week_of(first), WEEKS if last is None else week_of(last)
        rate = np.broadcast_to(weekly, self.chair.shape)[:, begin:end] * self.here[:, begin:end]
        counts = rng.poisson(rate)
        person, week = np.nonzero(counts)
        times = counts[person, week]
        person, week = np.repeat(person, times), np.repeat(week, times) + begin
        return self._timed(rng, person, week)

    def managers(self) -> list[int]:
        """Persons who lead somebody in some week."""
        return [int(person) for person in np.unique(self.manager) if person >= 0]

    def at_work(self, person: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Whether each person works in the week of each second."""
        week = (at // DAY - FIRST_MONDAY) // 7
        inside = (week >= 0) & (week < WEEKS)
        return inside & self.here[person, np.clip(week, 0, WEEKS - 1)]

    def manager_at(self, person: np.ndarray, at: np.ndarray) -> np.ndarray:
        """The person who leads each person in the week of each second, -1 where nobody does."""
        week = np.clip((at // DAY - FIRST_MONDAY) // 7, 0, WEEKS - 1)
        return self.manager[person, week]

    def _timed(self, rng: Generator, person: np.ndarray, week: np.ndarray) -> Events:
        at = (FIRST_MONDAY + week * 7 + rng.integers(0, 5, len(week))) * DAY + working_time(rng, len(week))
        order = np.argsort(at, kind="stable")
        return Events(person[order], week[order], at[order])


def working_time(rng: Generator, size: int) -> np.ndarray:
    """Seconds after midnight between 7 and 17 o'clock UTC, whole minutes."""
    return 7 * HOUR + rng.integers(0, 10 * 60, size) * MINUTE


def build_scene(workforce: Workforce) -> Scene:
    """Read the played history week by week."""
    people, positions = workforce.people, workforce.positions
    chair = np.full((len(people), WEEKS), -1, dtype=np.int32)
    occupant = np.full((len(positions), WEEKS), -1, dtype=np.int32)
    for person, worker in enumerate(people):
        for start, end, index in worker.sits:
            first = max(0, -((FIRST_MONDAY - start) // 7))
            last = WEEKS if end is None else max(0, min(WEEKS, (end - FIRST_MONDAY) // 7))
            if first < last:
                chair[person, first:last] = index
                occupant[index, first:last] = person
    above = np.array([-1 if position.manager is None else position.manager for position in positions])
    weeks = np.broadcast_to(np.arange(WEEKS), chair.shape)
    boss = np.where(chair >= 0, above[chair], -1)
    ends = [worker.spells[-1][1] for worker in people]
    return Scene(
        workforce,
        [workforce.employee_id(number) for number in range(len(people))],
        chair,
        np.where(boss >= 0, occupant[boss, weeks], -1),
        np.array([position.title for position in positions]),
        np.array([position.department for position in positions]),
        np.array([position.leads for position in positions]),
        np.array([worker.spells[0][0] for worker in people]),
        np.array([day_number(ENDS_AT.date()) if end is None else end for end in ends]),
        np.array([worker.spells[-1][2] == "voluntary" for worker in people]),
    )
