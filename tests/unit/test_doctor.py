"""`lw doctor` is good on a healthy home and sees what is damaged, missing, too old or readable by others."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "pages"))

import handmade_loads
import handmade_marts

from learning_warehouse import doctor, simulated, transform
from learning_warehouse.generations import MartGate, begin, publish
from learning_warehouse.settings import reset_settings
from learning_warehouse.storage import storage
from learning_warehouse.warehouse.folders import generation_folder

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LW_HOME", str(tmp_path))
    reset_settings()
    handmade_loads.write_good_night(storage(), NIGHT)
    handmade_marts.write(transform.warehouse_file())
    publish(begin(NIGHT, "night-1"), docs=False)
    simulated.finish_night(tmp_path, NIGHT)
    yield tmp_path
    reset_settings()


def test_a_served_generation_is_good_until_its_file_is_damaged_or_gone(home):
    assert doctor._served().good
    file = generation_folder(1) / "warehouse.duckdb"
    os.truncate(file, 4096)
    assert not doctor._served().good
    file.unlink()
    assert not doctor._served().good


def test_a_mart_that_is_missing_from_the_file_is_seen(home):
    import duckdb

    with duckdb.connect(str(generation_folder(1) / "warehouse.duckdb")) as connection:
        connection.execute("drop table marts.governance_source_coverage")
    examined = doctor._served()
    assert not examined.good
    assert "governance_source_coverage" in examined.sentence


def test_age_is_that_of_the_marts_and_not_of_the_pages(home):
    assert doctor._age().good
    later = NIGHT + timedelta(days=1)
    publish(begin(later, "night-2"), MartGate(passed=False, reasons=("a rule is broken",)), docs=False)
    examined = doctor._age()
    assert not examined.good
    assert "a rule is broken" in examined.sentence


def test_a_home_that_nobody_runs_is_too_old(home):
    simulated.finish_night(home, NIGHT + timedelta(days=2))
    assert not doctor._age().good


def test_what_a_simulated_night_leaves_is_readable_by_its_owner_only(home, monkeypatch):
    monkeypatch.setenv("LW_EMPLOYEES", "50")
    monkeypatch.setenv("LW_ACCOUNTS", "50")
    reset_settings()
    simulated.write_drops(NIGHT)
    assert doctor._modes().good
    (home / "run" / "drops.json").chmod(0o644)
    assert not doctor._modes().good
