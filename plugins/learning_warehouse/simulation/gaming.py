"""One mandatory course that people finish in the last two days before it is due: a burst that rewards for completion bring.

Only the time of a completion moves, never past the due time and never past the worker's last day; nobody becomes late.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from learning_warehouse.simulation.draws import DAY, seconds
from learning_warehouse.simulation.ledger import Course, Enrollment
from learning_warehouse.simulation.scene import Scene, signal_rng

GAMED_COURSE = "MAND-CONDUCT"
GAMED_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_SHARE = 0.55
_THEME = 11


def burst_before_due(
    seed: int, enrollments: list[Enrollment], courses: list[Course], persons: dict[str, int], scene: Scene
) -> list[Enrollment]:
    """The enrollments with a share of GAMED_COURSE's completions since GAMED_FROM moved into the last 46 hours."""
    course = next(row.course_id for row in courses if row.code == GAMED_COURSE)
    rng = signal_rng(seed, _THEME)
    rows = []
    for row in enrollments:
        if (
            row.course_id == course
            and row.completed_at
            and row.due_at
            and row.added_at >= GAMED_FROM
            and row.completed_at < row.due_at
        ):
            luck, hours = rng.random(), rng.random() * 46
            person = persons.get(row.user_id)
            late = row.due_at - timedelta(minutes=int(hours * 60) + 1)
            if luck < _SHARE and person is not None and late > row.completed_at and seconds(late) < int(scene.gone[person]) * DAY:
                rows.append(replace(row, completed_at=late))
                continue
        rows.append(row)
    return rows
