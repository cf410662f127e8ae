"""Every writing system call of the small phases, damaged in every way: `python tests/crash/crash_matrix.py --output PAGE`.

Prints each phase as it ends and each violation as it is found, and writes the page anew after each phase; exit code 1 when there
was a violation. `--phase` and `--most` make it shorter, `--folder` says where homes lie (a folder in memory spares the disk).
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from system_calls import HAS_STRACE, KINDS, Matrix, Point, Server, Told, spread

from learning_warehouse.sandbox import process
from learning_warehouse.settings import Settings

FIRST_NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
PHASES = ("land", "type", "audit and admit", "first publishing", "fourth publishing", "publishing held back", "roll back")
Say = Callable[[str], object]


@dataclass
class Row:
    """What one phase came to: `damaged` counts injections by kind, seconds are wall clock."""

    phase: str
    points: int
    damaged: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0


@contextmanager
def opened(folder: Path, sandbox: dict[str, Any], phases: tuple[str, ...], with_strace: bool = HAS_STRACE) -> Iterator[Matrix]:
    """A matrix with a phase server of its own, which ends with the block."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LW_", "AIRFLOW_"))}
    environment |= {"LW_PERSON_KEY_SECRET": "a-fixed-key-so-that-hashes-repeat", "PYTHONDONTWRITEBYTECODE": "calls are counted"}
    server = Server(folder / "server", environment, phases)
    try:
        yield Matrix(server, folder, sandbox, with_strace)
    finally:
        server.stop()


def run_phase(matrix: Matrix, phase: str, most: int | None, say: Say) -> Row:
    """Every point of a phase with every kind, or `most` of them spread evenly with the kinds in turn."""
    started = monotonic()
    points = matrix.points(phase)
    chosen = [(point, kind) for point in points for kind in KINDS] if most is None else spread(points, most)
    row = Row(phase, len(points), dict.fromkeys(KINDS, 0))
    for point, kind in chosen:
        told = matrix.damage(point, kind)
        row.damaged[kind] += 1
        if told.violations:
            row.violations += [_sentence(told)]
            say(f"  {_sentence(told)}")
    row.seconds = monotonic() - started
    damaged, found = sum(row.damaged.values()), len(row.violations)
    say(f"{phase}: {row.points} points, {damaged} damaged, {found} violations, {row.seconds:.0f} s")
    return row


def _sentence(told: Told) -> str:
    point: Point = told.point
    said = " ".join("; ".join(told.violations[:4]).split())
    return f"{told.kind} at {point.call} {point.ordinal} ({point.where}) of {point.phase}: {said}"


def render(rows: list[Row], day: datetime) -> str:
    """The page of one whole run."""
    head = f"""# Every writing system call, damaged

Measured on {day:%Y-%m-%d} by `python tests/crash/crash_matrix.py` (part of `make crash`). A phase of a night is recorded once
with strace; then, each time in a fresh copy of the home, the n-th call that changes something below the storage root (open for
writing, write, sync, rename, link, unlink, mkdir, chmod, truncate, symlink) is damaged: the process is killed before it
(SIGKILL), or it fails with ENOSPC or EIO. At once nothing that is committed may be lost or changed, nothing half written may be
seen, and `served` must be one whole generation. Then the phase runs again, undisturbed, and the janitor sweeps: every file and
its content must equal those of the undisturbed run, and no leftover may stay. Records come from the sandbox of a company of 200
people; marts are a small handmade one, so that a publishing makes every kind of write in few calls. Not in it: what a machine
forgets when its power fails, and writes that are cut short.

| phase | points | SIGKILL | ENOSPC | EIO | violations | seconds |
|---|---|---|---|---|---|---|
"""
    lines = [_line(row.phase, row.points, row.damaged, len(row.violations), row.seconds) for row in rows]
    sums = {kind: sum(row.damaged[kind] for row in rows) for kind in KINDS}
    total = _line(
        "all", sum(row.points for row in rows), sums, sum(len(row.violations) for row in rows), sum(row.seconds for row in rows)
    )
    found = [f"- {sentence}" for row in rows for sentence in row.violations]
    return head + "\n".join([*lines, total, *(["", *found] if found else [])]) + "\n"


def _line(phase: str, points: int, damaged: dict[str, int], violations: int, seconds: float) -> str:
    return f"| {phase} | {points} | {' | '.join(str(damaged[kind]) for kind in KINDS)} | {violations} | {seconds:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phase", action="append", choices=PHASES, help="only this phase (may be given several times)")
    parser.add_argument("--most", type=int, help="at most so many points of a phase, evenly spread, kinds in turn")
    parser.add_argument("--output", type=Path, help="the page to write")
    parser.add_argument("--folder", type=Path, help="where homes lie; default is a temporary folder")
    asked = parser.parse_args()
    if not HAS_STRACE:
        sys.exit("strace is needed, and the right to trace (apt-get install strace); without it the tests do what Python can")
    folder = Path(tempfile.mkdtemp(prefix="crash-", dir=asked.folder))
    sandbox = process.start(Settings(home=folder / "sandbox", seed=1, employees=200, accounts=200), FIRST_NIGHT)
    phases, rows = tuple(asked.phase or PHASES), list[Row]()
    try:
        with opened(folder, {"port": sandbox.port, "pid": sandbox.pid}, phases) as matrix:
            for phase in phases:
                rows.append(run_phase(matrix, phase, asked.most, lambda text: print(text, flush=True)))
                if asked.output:
                    asked.output.write_text(render(rows, datetime.now(UTC)))
    finally:
        process.stop(sandbox)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(any(row.violations for row in rows))


if __name__ == "__main__":
    main()
