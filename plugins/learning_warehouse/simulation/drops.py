"""The drop folder as the simulated company fills it; the newer streams are written by drop_files.

Facts before the first night's day come in one file per stream and month; from then on in one file per stream and day,
written once the day is over. So a file once written never changes, whichever nights were run or missed. About one line in
2,000 of the monthly check-in and coaching files is broken on purpose (a date nobody can read, or too few values); such
lines carry no fact of the ledger. Coaches unknown to HR are facts of the ledger: readable, and somebody else's problem.
"""

import csv
import io
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from learning_warehouse.simulation.drop_files import write_signal_files
from learning_warehouse.simulation.ledger import Checkin, CoachingEvent, Ledger, PilotAssignment

LINES_PER_BROKEN_LINE = 2_000
HEADERS = {
    "coaching_events": (
        "event_id",
        "coach_employee_id",
        "coachee_employee_id",
        "occurred_at",
        "event_type",
        "has_learning_topic",
        "program_code",
        "minutes",
    ),
    "checkins": ("checkin_id", "employee_id", "week_start", "manager_asked", "used_learning", "confidence", "answered_at"),
    "pilot_assignments": ("pilot_id", "team_manager_employee_id", "arm", "assigned_at", "stratum", "randomized"),
}


def dropped_before(now: datetime) -> datetime:
    """Facts before this moment (midnight UTC of the night's day) are in the drop folder at `now`; later ones are not."""
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)


def write_drops(ledger: Ledger, now: datetime, folder: Path) -> list[Path]:
    """Write every file that is due at `now` and not there yet; returns the paths written. Safe to repeat."""
    written = []
    for stream, rows in _streams(ledger).items():
        files: dict[str, list[list[str]]] = {}
        for at, cells in rows:
            if at < dropped_before(now):
                files.setdefault(_file_name(at, ledger.first_night), []).append(cells)
        _break_lines(stream, files)
        for name, lines in sorted(files.items()):
            path = Path(folder) / stream / name
            if not path.exists():
                _write(path, HEADERS[stream], lines)
                written.append(path)
    return written + write_signal_files(ledger, dropped_before(now), dropped_before(ledger.first_night), Path(folder))


def _file_name(at: datetime, first_night: datetime) -> str:
    return f"{at:%Y-%m-%d}.csv" if at >= dropped_before(first_night) else f"{at:%Y-%m}.csv"


def _streams(ledger: Ledger) -> dict[str, list[tuple[datetime, list[str]]]]:
    return {
        "coaching_events": _rows(ledger.coaching_events, _coaching, lambda event: event.occurred_at),
        "checkins": _rows(ledger.checkins, _checkin, lambda checkin: checkin.answered_at),
        "pilot_assignments": _rows(ledger.pilot_assignments, _assignment, lambda assignment: assignment.assigned_at),
    }


def _rows(
    facts: Iterable[Any], cells: Callable[[Any], list[str]], at: Callable[[Any], datetime]
) -> list[tuple[datetime, list[str]]]:
    return [(at(fact), cells(fact)) for fact in sorted(facts, key=at)]


def _coaching(event: CoachingEvent) -> list[str]:
    return [
        event.event_id,
        event.coach_employee_id,
        event.coachee_employee_id,
        _iso(event.occurred_at),
        event.event_type,
        _yes_no(event.has_learning_topic),
        event.program_code or "",
        str(event.minutes),
    ]


def _checkin(checkin: Checkin) -> list[str]:
    return [
        checkin.checkin_id,
        checkin.employee_id,
        checkin.week_start.isoformat(),
        _yes_no(checkin.manager_asked),
        _yes_no(checkin.used_learning),
        "" if checkin.confidence is None else str(checkin.confidence),
        _iso(checkin.answered_at),
    ]


def _assignment(assignment: PilotAssignment) -> list[str]:
    return [
        assignment.pilot_id,
        assignment.team_manager_employee_id,
        assignment.arm,
        _iso(assignment.assigned_at),
        assignment.stratum,
        _yes_no(assignment.randomized),
    ]


def _break_lines(stream: str, files: dict[str, list[list[str]]]) -> None:
    if stream == "pilot_assignments":
        return
    lines_before = 0
    time_column = HEADERS[stream].index("occurred_at" if stream == "coaching_events" else "answered_at")
    for name in sorted(name for name in files if len(name) == len("2026-03.csv")):
        lines = files[name]
        for number in range(lines_before, lines_before + len(lines)):
            if number % LINES_PER_BROKEN_LINE == LINES_PER_BROKEN_LINE - 1:
                broken = list(lines[number - lines_before])
                broken[0] = f"X{number:06d}"
                broken[time_column] = "31/02/2026"
                lines.insert(number - lines_before, broken[:3] if number // LINES_PER_BROKEN_LINE % 2 else broken)
        lines_before += len(lines)


def _write(path: Path, header: tuple[str, ...], lines: list[list[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text.getvalue(), encoding="utf-8")
    os.replace(draft, path)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _yes_no(flag: bool | None) -> str:
    return "" if flag is None else "yes" if flag else "no"
