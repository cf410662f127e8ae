"""The drop folder of the simulated company: files are written once, only whole days are in them, broken lines are few."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.drops import HEADERS, write_drops
from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.simulation.signal_streams import SIGNALS, columns


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
    every = {path.relative_to(tmp_path / "every"): path.read_bytes() for path in (tmp_path / "every").rglob("*.*")}
    missed = {path.relative_to(tmp_path / "missed"): path.read_bytes() for path in (tmp_path / "missed").rglob("*.*")}
    assert every == missed


def test_headers_are_those_of_the_contract(ledger: Ledger, tmp_path: Path) -> None:
    for path in write_drops(ledger, ledger.first_night, tmp_path):
        if path.suffix == ".csv":
            stream = path.parent.name
            declared = HEADERS.get(stream) or tuple(columns(stream))
            assert tuple(path.read_text().splitlines()[0].split(",")) == declared


def test_newer_streams_come_as_lines_of_text_as_json_lines_and_as_parquet(ledger: Ledger, tmp_path: Path) -> None:
    import duckdb

    forms = {path.parent.name: path.suffix for path in write_drops(ledger, ledger.first_night, tmp_path)}
    assert set(SIGNALS) <= set(forms)
    assert {forms["learning_sessions"], forms["product_usage"], forms["practice_tasks"]} == {".jsonl", ".parquet", ".csv"}
    with duckdb.connect() as connection:
        found = connection.execute(f"describe from '{tmp_path}/product_usage/*.parquet'").fetchall()
        assert {name: kind.lower() for name, kind, *_ in found} == columns("product_usage")
        rows = connection.execute(f"select count(*) from '{tmp_path}/product_usage/*.parquet'").fetchone()
    assert rows == (sum(row.month_start < date(2026, 12, 1) for row in ledger.product_usage),)


def test_an_open_task_is_dropped_again_on_the_day_it_is_done(ledger: Ledger, tmp_path: Path) -> None:
    begins = datetime(2026, 12, 1, tzinfo=UTC)
    task = next(row for row in ledger.practice_tasks if row.assigned_at < begins and row.done_at and row.done_at >= begins)
    assert task.done_at is not None
    write_drops(ledger, task.done_at + timedelta(days=1), tmp_path)
    places = {
        path.name: next(
            csv.DictReader(
                [line for line in path.read_text().splitlines() if line.startswith(("practice_id", task.practice_id + ","))]
            )
        )
        for path in (tmp_path / "practice_tasks").glob("*.csv")
        if f"\n{task.practice_id}," in path.read_text()
    }
    first, again = places[f"{task.assigned_at:%Y-%m}.csv"], places[f"{task.done_at:%Y-%m-%d}.csv"]
    assert (first["done_at"], again["done_at"]) == ("", f"{task.done_at:%Y-%m-%dT%H:%M:%SZ}")


def test_broken_lines_of_two_newer_streams_carry_no_fact(tmp_path: Path) -> None:
    whole = simulate(1)
    write_drops(whole, whole.first_night, tmp_path)
    tasks = [line for line in _lines(tmp_path, "practice_tasks") if len(line) != len(columns("practice_tasks"))]
    assert 0 < len(tasks) < 10 and not {line[0] for line in tasks} & {row.practice_id for row in whole.practice_tasks}
    sittings = [line for path in (tmp_path / "learning_sessions").glob("*.jsonl") for line in path.read_text().splitlines()]
    assert 0 < sum(not line.endswith("}") for line in sittings) < 10


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
