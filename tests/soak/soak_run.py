"""The nights of one company of a soak: its own sandbox, builds and a reader if it has a warehouse, and comparisons.

Some nights are calm: no fault is in force, so after them every admitted row must be the one that the vendor tells.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from soak_company import Company, Counts, read_whole
from soak_equality import compare
from soak_faults import Night, plan

from learning_warehouse.sandbox import process
from learning_warehouse.settings import Settings, reset_settings
from learning_warehouse.simulated import FIRST_NIGHT, write_drops
from learning_warehouse.sources import SOURCES

HERE = Path(__file__).parent
OF_THE_FIRST = ("absorb", "bamboohr", "zendesk", "salesforce", "drops")
COMPANIES = {
    "first": OF_THE_FIRST,
    "second": tuple(vendor for vendor in SOURCES if vendor not in OF_THE_FIRST),
}


@dataclass(frozen=True, slots=True)
class Task:
    """What one company is to go through. `size` is seed, employees and accounts; without builds there is no warehouse."""

    name: str
    vendors: tuple[str, ...]
    nights: int
    builds: int
    compared: int
    seed: int
    size: tuple[int, int, int]
    has_suites: bool = True


@dataclass
class Checked:
    """Nights without a fault, streams compared, rows equal, what differed; the core tables of each build; what the reader saw."""

    calm_nights: int = 0
    streams: int = 0
    rows: int = 0
    gone: dict[str, int] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)
    builds: list[dict[str, Any]] = field(default_factory=list)
    reader: dict[str, Any] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    seconds: float = 0.0

    def problems(self) -> list[str]:
        """Everything that must not be, in words; empty after a good soak."""
        found = [*self.differing, *self.counts.own_errors, *self.reader.get("examples", [])]
        for build in self.builds:
            found += [f"generation {build.get('generation')}: {table}: {what}" for table, what in build["differing"].items()]
        return found


def soak(folder: Path, task: Task) -> Checked:
    """Every night of one company, below `folder`; the environment is afterwards what it was."""
    before, started, checked = dict(os.environ), time.monotonic(), Checked()
    known = Settings(home=folder / task.name / "sandbox", seed=task.size[0], employees=task.size[1], accounts=task.size[2])
    sandbox = process.start(known, FIRST_NIGHT)
    try:
        home = folder / task.name / "home"
        company = Company(home, task.vendors, task.size, sandbox, checked.counts)
        company.found()
        with _reader(home, checked) if task.builds else _nobody():
            _nights(company, task, checked)
    finally:
        sandbox.stop()
        os.environ.clear()
        os.environ.update(before)
        reset_settings()
    checked.seconds = time.monotonic() - started
    return checked


def _nights(company: Company, task: Task, checked: Checked) -> None:
    """All nights. The last one is calm; the warehouse is built on calm nights."""
    started = time.monotonic()
    built = _every(task.nights, task.builds)
    calm = built | _every(task.nights, task.compared)
    compared = _every(task.nights, task.compared)
    said: list[str] = []
    for number in range(1, task.nights + 1):
        now = FIRST_NIGHT + timedelta(days=number - 1)
        company.sandbox.move(now)
        company.enter()
        write_drops(now)
        drawn = Night() if number in calm else plan(task.seed, number, task.vendors)
        company.night(number, now, drawn, with_suites=task.has_suites and number in compared)
        if number in built:
            checked.builds.append(_build(company, now, "everything" if number == task.nights and task.has_suites else "models"))
        checked.calm_nights += number in calm
        if number in compared:
            _compare(company, now, checked)
        kind = " (calm)" if number in calm else ""
        seconds, problems = time.monotonic() - started, checked.problems()
        print(f"{task.name}: night {number} of {task.nights}{kind}, {seconds:.0f} s, {len(problems)} problems", flush=True)
        for problem in problems:
            if problem not in said:
                print(f"{task.name}: {problem}", flush=True)
        said = problems


def _every(nights: int, times: int) -> set[int]:
    """The last night and, evenly spread before it, as many as make `times`."""
    return {nights - (nights * place) // times for place in range(times)} if times else set()


def _build(company: Company, now: datetime, what: str) -> dict[str, Any]:
    """In a process of its own, as a night of the scheduler does it; the date is set back to the night that is built."""
    (company.home / "simulation.json").write_text(json.dumps({"next_night": now.isoformat()}))
    ended = subprocess.run(
        [sys.executable, str(HERE / "build_and_compare.py"), now.isoformat(), what], capture_output=True, text=True, check=False
    )
    if ended.returncode:
        return {"differing": {"build": ended.stderr[-1500:]}, "rows_equal": 0, "tables": 0}
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told


def _compare(company: Company, now: datetime, checked: Checked) -> None:
    whole = company.home.with_name("whole")
    read_whole(company, whole, now)
    for name in company.streams():
        found = compare(name, company.home, whole)
        checked.streams += 1
        checked.rows += found.equal
        if found.gone:
            checked.gone[name] = max(found.gone, checked.gone.get(name, 0))
        if found.differing:
            checked.differing.append(f"{now:%Y-%m-%d} {name}: {found.differing} differ, as {found.example}")
    shutil.rmtree(whole)


@contextmanager
def _reader(home: Path, checked: Checked) -> Iterator[None]:
    """A reader of what is served, ended by its id; what it saw is in `checked` afterwards."""
    command = [sys.executable, str(HERE / "served_reader.py"), str(home)]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        reader.send_signal(signal.SIGTERM)
        said, _ = reader.communicate(timeout=120)
        checked.reader = json.loads(said or "{}")


@contextmanager
def _nobody() -> Iterator[None]:
    yield
