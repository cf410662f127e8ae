"""Coaching and practice after the first chosen course: planted so that only both together lift the work, by INTERACTION points.

Managers of weak teams coach more, and strong people practice more, so levels mislead: coached people look worse and people
who practice look better. Neither coaching alone nor practice alone changes anything.
"""

from dataclasses import dataclass

import numpy as np

from learning_warehouse.simulation.draws import DAY, HOUR, MINUTE, moment, seconds
from learning_warehouse.simulation.ledger import CoachingEvent
from learning_warehouse.simulation.ledger_signals import PracticeTask
from learning_warehouse.simulation.scene import Scene, signal_rng

INTERACTION = 4.0
COACHED_OFTEN = 2
PRACTICED_OFTEN = 3
WINDOW_DAYS = 60
OUTCOME_DAYS = 150
TITLES = ("Engineer", "IT Specialist", "Marketing Specialist", "Product Manager")
_THEME = 2


@dataclass(slots=True)
class Drive:
    """Who took part: person, second of the first chosen course, usual level of work, and the tasks and talks that followed."""

    person: list[int]
    began: list[int]
    level: list[float]
    tasks: list[PracticeTask]
    talks: list[CoachingEvent]


def build_drive(seed: int, scene: Scene, first_chosen: dict[int, int]) -> Drive:
    """Draw talks and tasks of everybody of TITLES whose first chosen course has a manager to talk about it with."""
    rng = signal_rng(seed, _THEME)
    people = np.array(sorted(first_chosen), dtype=int)
    began = np.array([first_chosen[person] for person in people.tolist()], dtype=int)
    manager = scene.manager_at(people, began)
    takes_part = scene.at_work(people, began) & (manager >= 0)
    titled = scene.titled(*TITLES)
    takes_part &= titled[people].any(axis=1)
    people, began, manager = people[takes_part], began[takes_part], manager[takes_part]
    team_level = rng.normal(0, 5.0, len(scene.ids))[manager]
    strength = rng.normal(0, 3.0, len(people))
    team_coached = rng.random(len(scene.ids))[manager] < 1 / (1 + np.exp(team_level / 2.5))
    coached = rng.random(len(people)) < np.where(team_coached, 0.85, 0.12)
    practiced = rng.random(len(people)) < 1 / (1 + np.exp(-strength / 2.5))
    talks = np.where(coached, 3 + rng.poisson(1, len(people)), rng.random(len(people)) < 0.25)
    tasks = np.where(practiced, 4 + rng.poisson(1, len(people)), rng.integers(0, 3, len(people)))
    return Drive(
        people.tolist(),
        began.tolist(),
        (70 + team_level + strength).tolist(),
        _tasks(rng, scene, people, began, manager, tasks),
        _talks(rng, scene, people, began, manager, talks),
    )


def _within(
    rng: np.random.Generator, scene: Scene, people: np.ndarray, began: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    who = np.repeat(np.arange(len(people)), times)
    day = began[who] // DAY + rng.integers(2, WINDOW_DAYS - 2, len(who))
    day += np.array([0, 0, 0, 0, 0, -1, 1])[(day + 3) % 7]
    at = day * DAY + 7 * HOUR + rng.integers(0, 9 * 60, len(who)) * MINUTE
    kept = scene.at_work(people[who], at)
    return who[kept], at[kept]


def _talks(
    rng: np.random.Generator, scene: Scene, people: np.ndarray, began: np.ndarray, manager: np.ndarray, times: np.ndarray
) -> list[CoachingEvent]:
    who, at = _within(rng, scene, people, began, times)
    kinds = rng.choice(["one_to_one", "feedback"], len(who), p=[0.7, 0.3]).tolist()
    minutes = (rng.integers(3, 13, len(who)) * 5).tolist()
    return [
        CoachingEvent(f"W{place:06d}", scene.ids[manager[row]], scene.ids[people[row]], moment(second), kind, True, None, length)
        for place, (row, second, kind, length) in enumerate(zip(who.tolist(), at.tolist(), kinds, minutes, strict=True), start=1)
    ]


def _tasks(
    rng: np.random.Generator, scene: Scene, people: np.ndarray, began: np.ndarray, manager: np.ndarray, times: np.ndarray
) -> list[PracticeTask]:
    who, at = _within(rng, scene, people, began, times)
    waited = rng.integers(2, 4 * 24, len(who)) * HOUR
    answered = rng.random(len(who)) < 0.6
    later = rng.integers(4, 7 * 24, len(who)) * HOUR
    quality = rng.integers(2, 6, len(who)).tolist()
    rows = []
    for place, (row, done) in enumerate(zip(who.tolist(), at.tolist(), strict=True)):
        has_feedback = bool(answered[place])
        rows.append(
            PracticeTask(
                f"PD{place + 1:06d}",
                scene.ids[people[row]],
                "planning",
                "LIB",
                moment(max(done - int(waited[place]), int(began[row]) + HOUR)),
                moment(done),
                moment(done + int(later[place])) if has_feedback else None,
                scene.ids[manager[row]] if has_feedback else None,
                quality[place] if has_feedback else None,
                True,
            )
        )
    return rows


def counted_within(began: int, moments: list[int], days: int = WINDOW_DAYS) -> int:
    """How many of these seconds lie after `began` and at most `days` days after it."""
    return sum(began < at <= began + days * DAY for at in moments)


def lifted(drive: Drive, scene: Scene, coaching: list[CoachingEvent], practice: list[PracticeTask]) -> list[bool]:
    """By person of the drive, whether coaching and practice were both frequent, counted over all events there are."""
    talks: dict[str, list[int]] = {}
    for event in coaching:
        if event.has_learning_topic:
            talks.setdefault(event.coachee_employee_id, []).append(seconds(event.occurred_at))
    done: dict[str, list[int]] = {}
    for task in practice:
        if task.done_at is not None and task.is_micro:
            done.setdefault(task.employee_id, []).append(seconds(task.done_at))
    return [
        counted_within(began, talks.get(scene.ids[person], [])) >= COACHED_OFTEN
        and counted_within(began, done.get(scene.ids[person], [])) >= PRACTICED_OFTEN
        for person, began in zip(drive.person, drive.began, strict=True)
    ]
