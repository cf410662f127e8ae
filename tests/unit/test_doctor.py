"""`lw doctor` is good on a healthy home and sees what is damaged, missing, too old or readable by others."""

import os
from datetime import UTC, datetime, timedelta

import dropped_loads
import handmade_loads
import handmade_marts
import msgspec
import pytest

from learning_warehouse import doctor, erasures, simulated, transform
from learning_warehouse.doctor_loads import examine_loads
from learning_warehouse.generations import MartGate, begin, kept, publish
from learning_warehouse.settings import reset_settings
from learning_warehouse.storage import storage
from learning_warehouse.warehouse.folders import generation_folder

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LW_HOME", str(tmp_path))
    reset_settings()
    handmade_loads.write_good_night(storage(), NIGHT)
    (tmp_path / "working").mkdir(mode=0o700)
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
    (home / "working").chmod(0o755)
    assert doctor._modes().sentence.endswith("first working")
    (home / "working").chmod(0o700)
    (home / "run" / "drops.json").chmod(0o644)
    assert not doctor._modes().good


@pytest.fixture
def landed(tmp_path, monkeypatch):
    """A home with two real loads of one stream, admitted and rejected."""
    monkeypatch.setenv("LW_HOME", str(tmp_path))
    monkeypatch.setenv("LW_PERSON_KEY_SECRET", "a fixed key for tests")
    reset_settings()
    dropped_loads.night(0, storage(), "a")
    dropped_loads.night(1, storage(), "b", verdict="rejected")
    yield tmp_path
    reset_settings()


def problems() -> dict[str, str]:
    return {one.name: one.sentence for one in examine_loads(storage()) if not one.good}


def test_loads_that_are_closed_are_good(landed):
    assert problems() == {}


def _cut_part(home):
    (part,) = (home / "raw/drops/checkins/parts/seq=00000001").rglob("*.zst")
    os.truncate(part, 3)


def _drop_manifest(home):
    (home / "raw/drops/checkins/_manifests/00000001.json").unlink()


def _newer_manifest(home):
    path = home / "raw/drops/checkins/_manifests/00000002.json"
    path.write_text(path.read_text().replace('"version":1', '"version":2'))


def _empty_rows(home):
    path = home / "typed/drops/checkins/v=1/00000001.parquet"
    path.write_bytes((home / "admitted/drops/checkins/v=1/00000000.parquet").read_bytes())


def _drop_receipt(home):
    (home / "typed/drops/checkins/v=1/_receipts/00000002.json").unlink()


def _drop_verdict(home):
    (home / "raw/drops/checkins/_verdicts/00000002.json").unlink()


def _drop_link(home):
    (home / "admitted/drops/checkins/v=1/00000001.parquet").unlink()


def _foreign_link(home):
    os.link(home / "typed/drops/checkins/v=1/00000002.parquet", home / "admitted/drops/checkins/v=1/00000002.parquet")


@pytest.mark.parametrize(
    ("damage", "check", "sentence"),
    [
        (_cut_part, "raw parts", "1 parts are missing or changed"),
        (_drop_manifest, "manifests", "numbers are not 1 to 1"),
        (_newer_manifest, "manifests", "written by a newer program (version 2, we know 1)"),
        (_empty_rows, "typed rows", "0 rows where the receipt says 1"),
        (_drop_receipt, "verdicts", "not typed under the current contract"),
        (_drop_verdict, "verdicts", "1 loads have no verdict"),
        (_drop_link, "places", "load 1 is admitted, and readers miss it"),
        (_foreign_link, "places", "load 2 is not admitted, and readers see it"),
    ],
)
def test_each_damage_of_a_load_is_seen_by_its_check(landed, damage, check, sentence):
    damage(landed)
    assert sentence in problems()[check]


def test_a_manifest_that_cannot_be_read_is_one_sentence(landed):
    (landed / "raw/drops/checkins/_manifests/00000001.json").write_text("{")
    told = {one.name: one for one in doctor.examine()}
    assert "00000001.json is damaged" in told["loads"].sentence


def test_silence_alone_has_an_exit_code_of_its_own(home):
    simulated.finish_night(home, NIGHT + timedelta(days=2))
    assert doctor.exit_code(doctor.examine(age_only=True)) == 4
    assert doctor.exit_code(doctor.examine(age_only=True, oldest=timedelta(days=4))) == 0
    assert doctor.exit_code([*doctor.examine(age_only=True), doctor.Examined("file modes", False, "")]) == 1


def test_a_source_that_was_served_long_ago_is_named(home):
    assert doctor._sources().good
    publish(begin(NIGHT + timedelta(days=3), "night-4"), docs=False)
    examined = doctor._sources()
    assert not examined.good
    assert "(2026-12-01T01:00:00+00:00)" in examined.sentence


def test_an_erasure_is_open_until_it_was_carried_through_and_published(home):
    assert doctor._erasures().good
    entry = erasures.Erasure(1, ["0" * 32], "Ann", "request 12", "2026-12-01T02:00:00Z", 1)
    storage().create_if_absent(erasures.entry_key(1), msgspec.json.encode(entry))
    assert "erasure 1 was interrupted" in doctor._erasures().sentence
    storage().create_if_absent(erasures.proof_key(1), b"{}")
    assert "generations 1 still show" in doctor._erasures().sentence
    publish(begin(NIGHT + timedelta(days=1), "night-2"), MartGate(passed=False, reasons=("x",)), docs=False)
    assert not doctor._erasures().good
    publish(begin(NIGHT + timedelta(days=2), "night-3"), docs=False)
    assert doctor._erasures().good
    assert [one.number for one in kept()] == [3]
