"""Publishing: one flip for everything, three kept, nothing half built ever served, readers never disturbed."""

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import duckdb
import handmade_loads
import handmade_marts
import pytest

from learning_warehouse import generations, transform
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.generations import MartGate, begin, kept, publish, roll_back, row_hashes, served
from learning_warehouse.settings import reset_settings
from learning_warehouse.storage import storage
from learning_warehouse.warehouse.duckdb import DuckDBWarehouse

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LW_HOME", str(tmp_path))
    reset_settings()
    handmade_loads.write_good_night(storage(), NIGHT)
    handmade_marts.write(transform.warehouse_file())
    yield tmp_path
    reset_settings()


def publish_night(number=0, gate=None):
    return publish(begin(NIGHT + timedelta(days=number), f"night-{number}"), gate, docs=False)


def test_only_marts_are_published_and_person_rows_stand_apart(home):
    generation = publish_night()
    assert {mart["schema"] for mart in generation.manifest["marts"]} == {"marts", "restricted"}
    public = {relation.name for relation in DuckDBWarehouse().relations(generation.warehouse)}
    assert "impact_customer_education" in public
    assert not public & {"dim_accounts", "dim_people", "activity_learner_weeks"}
    assert [relation.name for relation in DuckDBWarehouse().relations(generation.restricted)] == ["activity_learner_weeks"]
    assert stat.S_IMODE(generation.restricted.stat().st_mode) == 0o600
    assert stat.S_IMODE(generation.warehouse.stat().st_mode) == 0o644


def test_a_reader_may_name_a_mart_with_or_without_its_schema(home):
    generation = publish_night()
    for file, names in (
        (generation.warehouse, ("impact_customer_education", "marts.impact_customer_education")),
        (generation.restricted, ("activity_learner_weeks", "restricted.activity_learner_weeks")),
    ):
        with duckdb.connect(str(file), read_only=True) as connection:
            counts = {connection.execute(f"select count(*) from {name}").fetchone() for name in names}
        assert len(counts) == 1
        assert counts != {(0,)}


def test_served_is_a_relative_link_to_the_newest_and_three_generations_are_kept(home):
    for night in range(5):
        publish_night(night)
    assert os.readlink(home / "served") == "generations/000005"
    assert [generation.number for generation in kept()] == [3, 4, 5]
    assert {path.name for path in (home / "generations").iterdir()} == {"000003", "000004", "000005", ".lock"}


def test_rolling_back_serves_the_generation_before_and_the_next_night_goes_on(home):
    for night in range(3):
        publish_night(night)
    assert roll_back().number == 2
    assert served().number == 2
    assert publish_night(3).number == 4
    assert served().number == 4
    with pytest.raises(LearningWarehouseError, match="no such generation"):
        roll_back(1)


def test_a_link_that_a_killed_flip_left_goes_with_the_next_flip(home):
    publish_night(0)
    publish_night(1)
    (home / ".served-1").symlink_to("generations/000001")
    roll_back()
    assert [path.name for path in home.glob(".served-*")] == []
    assert os.readlink(home / "served") == "generations/000001"


def test_marts_that_fail_their_gate_are_not_shown_and_the_last_good_ones_are_linked_under_new_pages(home):
    good = publish_night()
    with duckdb.connect(str(transform.warehouse_file())) as connection:
        connection.execute("delete from marts.impact_customer_education")
    bad = publish_night(1, MartGate(False, 10, 9, ("impact_customer_education: no rows",)))
    assert served().number == bad.number == 2
    assert row_hashes(bad.path) == row_hashes(good.path)
    assert bad.warehouse.stat().st_ino == good.warehouse.stat().st_ino
    page = (bad.path / "site" / "index.html").read_text()
    assert "could not be updated on the night of 2 December 2026" in page
    assert "You see last good figures from 1 December 2026" in page
    third = publish_night(2, MartGate(False, 10, 9, ("still none",)))
    assert third.manifest["marts_from"] == 1


def test_a_first_night_whose_marts_fail_still_says_why(home):
    generation = publish_night(0, MartGate(False, 1, 0, ("impact_customer_education: no rows",)))
    assert generation.manifest["marts"] == []
    assert "There are no earlier figures to show" in (generation.path / "site" / "index.html").read_text()


def test_row_hashes_ignore_row_order_and_stamps_but_no_business_value(home, tmp_path):
    def hashes(statement):
        handmade_marts.write(
            tmp_path / "x.duckdb", statements=f"create schema marts; create table marts.activity_x as {statement}"
        )
        return DuckDBWarehouse().row_hashes(tmp_path / "x.duckdb")["marts.activity_x"]

    base = hashes("select * from (values (1, 'a', 0.1 + 0.2, 1), (2, null, 5e-300, 2)) t (k, v, d, _seq)")
    assert hashes("select * from (values (2, null, 5e-300, 7), (1, 'a', 0.3, 8)) t (k, v, d, _seq)") == base
    assert hashes("select v, k, d, 3 as _seq from (values (1, 'a', 0.3), (2, null, 5e-300)) t (k, v, d)") == base
    assert hashes("select * from (values (1, 'a', 0.3, 1), (2, '', 5e-300, 2)) t (k, v, d, _seq)") != base
    assert hashes("select * from (values (1, 'a', 0.30001, 1), (2, null, 5e-300, 2)) t (k, v, d, _seq)") != base


def test_a_csv_cell_that_a_spreadsheet_would_run_is_made_harmless(home):
    values = "('=1+1', 1), ('+a', 2), ('-a', 3), ('@a', 4), (chr(9) || 'a', 5), (chr(13) || 'a', 6), ('plain', -7), (null, 8)"
    statements = f"create schema marts; create table marts.activity_x as select * from (values {values}) t (v, n)"
    handmade_marts.write(transform.warehouse_file(), statements=statements)
    generation = publish_night()
    with (generation.path / "csv" / "activity_x.csv").open(newline="") as file:
        rows = {int(row["n"]): row["v"] for row in csv.DictReader(file)}
    assert all(rows[number].startswith("'") for number in range(1, 7))
    assert rows[-7] == "plain"
    assert rows[8] == ""
    stored = duckdb.execute(f"select v from '{generation.path}/parquet/activity_x.parquet' where n = 1").fetchone()
    assert stored == ("=1+1",)


def test_exports_hold_no_person_rows(home):
    generation = publish_night()
    for kind in ("csv", "parquet"):
        names = {path.stem for path in (generation.path / kind).iterdir()}
        assert "impact_customer_education" in names
        assert "activity_learner_weeks" not in names


def test_the_published_file_can_be_read_by_older_readers_and_has_no_write_ahead_log(home):
    generation = publish_night()
    assert not list(generation.path.glob("*.wal"))
    with duckdb.connect() as connection:
        connection.execute(f"attach '{generation.warehouse}' as s (read_only)")
        tags = connection.execute("select tags from duckdb_databases() where database_name = 's'").fetchone()[0]
    assert tags["storage_version"].startswith("v1.0.0")


def test_what_a_killed_build_left_is_cleaned_and_its_number_used_again(home):
    publish_night()
    begin(NIGHT, "killed")
    (home / "generations" / ".dropped-000000").mkdir()
    (home / ".served-99").symlink_to("generations/000099")
    assert publish_night(1).number == 2
    assert not [path for path in (home / "generations").iterdir() if path.name.startswith((".building", ".dropped"))]
    assert not (home / ".served-99").is_symlink()


def test_a_missing_or_broken_link_falls_back_to_the_newest_complete_generation(home):
    publish_night()
    publish_night(1)
    (home / "served").unlink()
    assert served().number == 2
    (home / "served").symlink_to("generations/000077")
    assert served().number == 2
    shutil.rmtree(home / "generations" / "000002")
    assert served().number == 1


def test_too_little_space_fails_before_anything_is_built(home, monkeypatch):
    publish_night()
    monkeypatch.setattr(generations, "FREE_SPACE_MINIMUM", 2**62)
    with pytest.raises(LearningWarehouseError, match="are free under"):
        begin(NIGHT, "full")
    assert served().number == 1


def test_a_second_publisher_is_refused(home):
    import fcntl

    building = begin(NIGHT, "first")
    with (home / "generations" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(LearningWarehouseError, match="another process is publishing"):
            publish(building, docs=False)


def test_of_two_runs_at_once_the_one_that_began_last_publishes_and_the_other_is_refused_and_leaves_no_trace(home):
    orphan = begin(NIGHT, "orphan")
    ours = publish(begin(NIGHT, "ours"), docs=False)
    with pytest.raises(LearningWarehouseError, match="orphan was overtaken"):
        publish(orphan, docs=False)
    assert (served(), ours.run_id) == (ours, "ours")
    orphan, later = begin(NIGHT, "orphan"), begin(NIGHT, "later")
    with pytest.raises(LearningWarehouseError, match="orphan was overtaken"):
        publish(orphan, docs=False)
    assert publish(later, docs=False).number == ours.number + 1
    assert sorted(path.name for path in (home / "generations").iterdir()) == [".lock", "000001", "000002"]


READER = """
import json, os, sys, time
import duckdb
home, until = sys.argv[1], sys.argv[2]
reads, errors, mixed, seen = 0, [], 0, set()
while not os.path.exists(until):
    try:
        with duckdb.connect(os.path.join(home, "served", "warehouse.duckdb"), read_only=True) as connection:
            stamps = {connection.execute("select generation from _generation").fetchone()[0]}
            for name in ("activity_a", "impact_b"):
                stamps |= {str(row[0]) for row in connection.execute(f"select distinct made_in from marts.{name}").fetchall()}
        folder = os.path.join(home, os.readlink(os.path.join(home, "served")))
        with open(os.path.join(folder, "manifest.json")) as file:
            generation = json.load(file)["generation"]
        with open(os.path.join(folder, "csv", "activity_a.csv")) as file:
            stamps_of_folder = {str(generation), file.read().split()[1].split(",")[0]}
        mixed += len(stamps) > 1 or len(stamps_of_folder) > 1
        seen |= stamps
    except Exception as error:
        errors.append(repr(error))
    reads += 1
    time.sleep(0.05)
print(json.dumps({"reads": reads, "errors": errors, "mixed": mixed, "seen": len(seen)}))
"""


def test_readers_polling_through_twenty_publishes_see_no_error_and_no_mix(home, tmp_path):
    def build(number):
        handmade_marts.write(
            transform.warehouse_file(),
            statements="create schema marts;"
            + "".join(
                f"create table marts.{name} as select {number} as made_in, i from range(2000) t (i);"
                for name in ("activity_a", "impact_b")
            ),
        )

    build(1)
    publish_night()
    stop = tmp_path / "stop"
    readers = [
        subprocess.Popen([sys.executable, "-c", READER, str(home), str(stop)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        time.sleep(1)
        for number in range(2, 22):
            build(number)
            publish_night(number)
    finally:
        stop.touch()
    reports = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    assert served().number == 21
    for report in reports:
        assert report["errors"] == []
        assert report["mixed"] == 0
        assert report["reads"] > 20
        assert report["seen"] > 5
