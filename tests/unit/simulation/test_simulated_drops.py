"""The drop folder of the simulated company: files are written once, only whole days are in them, broken lines are few."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.drops import HEADERS, write_drops
from learning_warehouse.simulation.ledger import Ledger


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return simulate(3, employees=400, accounts=60)


def _lines(folder: Path, stream: str) -> list[list[str]]:
    return [line for path in sorted((folder / stream).glob("*.csv")) for line in list(csv.reader(path.open()))[1:]]


def test_a_second_writing_of_the_same_night_writes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    assert write_drops(ledger, ledger.first_night, tmp_path)
    assert write_drops(ledger, ledger.first_night, tmp_path) == []


def test_missed_nights_give_the_same_files_as_every_night(ledger: Ledger, tmp_path: Path) -> None:
    for night in range(5):
        write_drops(ledger, ledger.first_night + timedelta(days=night), tmp_path / "every")
    write_drops(ledger, ledger.first_night, tmp_path / "missed")
    write_drops(ledger, ledger.first_night + timedelta(days=4), tmp_path / "missed")
    every = {path.relative_to(tmp_path / "every"): path.read_bytes() for path in (tmp_path / "every").rglob("*.csv")}
    missed = {path.relative_to(tmp_path / "missed"): path.read_bytes() for path in (tmp_path / "missed").rglob("*.csv")}
    assert every == missed


def test_headers_are_those_of_the_contract(ledger: Ledger, tmp_path: Path) -> None:
    for path in write_drops(ledger, ledger.first_night, tmp_path):
        assert tuple(path.read_text().splitlines()[0].split(",")) == HEADERS[path.parent.name]


def test_no_line_tells_of_the_running_day(ledger: Ledger, tmp_path: Path) -> None:
    now = ledger.first_night + timedelta(days=10, hours=9)
    write_drops(ledger, now, tmp_path)
    times = [line[-1] for line in _lines(tmp_path, "checkins") if line[-1].endswith("Z")]
    assert max(times) < f"{now:%Y-%m-%d}"


def test_broken_lines_are_too_few_to_hold_a_load_back(ledger: Ledger, tmp_path: Path) -> None:
    write_drops(ledger, ledger.first_night, tmp_path)
    lines = _lines(tmp_path, "checkins")
    broken = [line for line in lines if len(line) != len(HEADERS["checkins"]) or not line[-1].endswith("Z")]
    assert 0 < len(broken) / len(lines) < 0.001
    facts = {row.checkin_id for row in ledger.checkins}
    assert not facts & {line[0] for line in broken}


def test_some_coaches_are_unknown_to_hr(ledger: Ledger) -> None:
    known = {row.employee_id for row in ledger.employees}
    unknown = [row for row in ledger.coaching_events if row.coach_employee_id not in known]
    assert 0 < len(unknown) < len(ledger.coaching_events) / 100
