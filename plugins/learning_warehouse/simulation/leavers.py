"""People who will leave on their own wish stop learning about three months before, so recent learning says nothing of leaving.

Nobody's leaving depends on learning: the planted rate ratio is 1. Who only compares the last months finds a strong effect.
"""

from dataclasses import replace

import numpy as np

from learning_warehouse.simulation.draws import DAY, ENDS_AT, day_number, moment
from learning_warehouse.simulation.ledger import Course, Enrollment
from learning_warehouse.simulation.scene import FIRST_MONDAY, WEEKS, Scene, signal_rng

TURNOVER_RATIO = 1.0
RELUCTANT_SHARE = 0.22
_THEME = 1


def last_learning_day(seed: int, scene: Scene) -> np.ndarray:
    """By person, the day from which a person learns nothing any more by choice: 78 to 91 days before quitting."""
    days = signal_rng(seed, _THEME).integers(78, 92, len(scene.ids))
    return np.where(scene.quits, scene.gone - days, scene.gone)


def learns(scene: Scene, until: np.ndarray) -> np.ndarray:
    """[person, week], whether a person still learns by choice."""
    return scene.here & (FIRST_MONDAY + 7 * np.arange(1, WEEKS + 1)[None, :] <= until[:, None])


def never_choose(seed: int, people: int) -> np.ndarray:
    """By person, whether somebody only takes the courses that others assign; drawn by lot, whoever stays or leaves."""
    return signal_rng(seed, _THEME + 100).random(people) < RELUCTANT_SHARE


def quiet_leavers(
    enrollments: list[Enrollment], courses: list[Course], persons: dict[str, int], until: np.ndarray, reluctant: np.ndarray
) -> list[Enrollment]:
    """The enrollments without library courses begun after a leaver's last learning day, and without their late endings.

    Library courses of reluctant people were assigned to them. `persons` is the person by LMS user id. Ids of the remaining
    enrollments do not change.
    """
    library = {course.course_id for course in courses if course.code.startswith("LIB-")}
    ends = day_number(ENDS_AT.date())
    stops = {user: moment(int(until[person]) * DAY) for user, person in persons.items() if until[person] < ends}
    assigned = {user for user, person in persons.items() if reluctant[person]}
    kept = []
    for fact in enrollments:
        chosen_for = fact.self_enrolled and fact.user_id in assigned and fact.course_id in library
        row = replace(fact, self_enrolled=False) if chosen_for else fact
        stop = stops.get(row.user_id)
        if stop is None or row.course_id not in library or (row.completed_at or row.added_at) <= stop:
            kept.append(row)
        elif row.added_at < stop:
            kept.append(replace(row, completed_at=None, score=None, passed=False))
    return kept
