"""`lw janitor`: leftovers go, what a reader, a replay or a cursor needs stays, and a killed sweep goes on."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from dropped_loads import NAME, NIGHT, drop, land, night, seen

from learning_warehouse import janitor, loads, simulated
from learning_warehouse.errors import StopEverything
from learning_warehouse.judgments import decide
from learning_warehouse.replays import _refuse_expired
from learning_warehouse.retention import expired
from learning_warehouse.settings import REPOSITORY, reset_settings
from learning_warehouse.sources import find

ORPHAN = "raw/drops/checkins/parts/seq=00000009/att=dead/part-00000.ndjson.zst"
DRAFT = "typed/drops/checkins/v=1/.00000009.parquet.abc.draft"


def swept(dry_run=False):
    return {one.kind: one for one in janitor.sweep(dry_run)}


def leave(home, stored):
    stored.write_bytes(ORPHAN, b"12345")
    (home / DRAFT).parent.mkdir(parents=True, exist_ok=True)
    (home / DRAFT).write_bytes(b"123")


@pytest.fixture
def keeps(home, tmp_path, monkeypatch):
    """Sets `retention` of a company.yml of this test's own."""

    def keep(**days):
        text = (REPOSITORY / "company.yml").read_text()
        lines = "".join(f"  {name}: {value}\n" for name, value in days.items())
        (tmp_path / "company.yml").write_text(f"{text}\nretention:\n{lines}")
        monkeypatch.setenv("LW_COMPANY_FILE", str(tmp_path / "company.yml"))
        reset_settings()

    return keep


def test_leftovers_of_a_killed_try_go_and_the_load_stays(home, stored):
    night(0, stored, "a")
    leave(home, stored)
    before = [key for key in stored.list("") if key != ORPHAN and not key.startswith(("logs/", "run/"))]
    assert (swept(dry_run=True)["parts without a load"].files, stored.exists(ORPHAN)) == (1, True)
    done = swept()
    assert (done["parts without a load"].files, done["parts without a load"].size, done["unfinished drafts"].files) == (1, 5, 1)
    assert [key for key in stored.list("") if not key.startswith(("logs/", "run/"))] == before
    assert not (home / DRAFT).exists()
    assert {one.files for one in swept().values()} == {0}


def test_rows_of_rejected_loads_go_after_their_days_and_at_once_when_released(home, stored):
    night(0, stored, "a", verdict="rejected")
    night(1, stored, "b", verdict="rejected")
    decide(NAME, 1, "admitted", "Ann", "fine")
    simulated.finish_night(home, NIGHT + timedelta(days=2))
    done = swept()["rows of rejected loads"]
    assert (done.files, done.oldest) == (1, "2026-12-02T01:00:00Z")
    simulated.finish_night(home, NIGHT + timedelta(days=40))
    assert swept()["rows of rejected loads"].files == 1
    assert loads.verdict(find(NAME), 2, stored).verdict == "rejected"
    assert seen(stored) == ["a"]


def test_quarantined_records_go_after_their_days(home, stored, keeps):
    keeps(quarantine_days=10)
    drop("0.csv", "a", confidence="much")
    land()
    assert stored.list("quarantine")
    simulated.finish_night(home, NIGHT + timedelta(days=8))
    assert swept()["quarantined records"].files == 0
    simulated.finish_night(home, NIGHT + timedelta(days=11))
    assert swept()["quarantined records"].files == 1
    assert stored.list("quarantine") == []


def test_raw_is_kept_for_ever_unless_the_company_says_otherwise(home, stored, keeps):
    night(0, stored, "a")
    simulated.finish_night(home, NIGHT + timedelta(days=4000))
    assert swept()["raw parts past retention"].files == 0
    keeps(raw_days=90)
    assert swept()["raw parts past retention"].files == 1
    assert expired(find(NAME), stored) == {1}
    assert len(loads.manifests(find(NAME), stored)) == 1
    assert seen(stored) == ["a"]


def test_raw_of_a_load_without_rows_is_not_removed_and_a_replay_without_raw_is_refused(home, stored, keeps):
    keeps(raw_days=90)
    receipt = night(0, stored, "a")
    stored.remove(loads.receipt_key(find(NAME), receipt.seq))
    simulated.finish_night(home, NIGHT + timedelta(days=400))
    assert swept()["raw parts past retention"].files == 0
    stored.write_bytes("raw/drops/checkins/_expired/00000001.json", b"{}")
    with pytest.raises(StopEverything, match="past retention"):
        _refuse_expired(find(NAME), stored)


def test_logs_go_by_the_age_of_their_files(home, stored):
    (home / "logs").mkdir(parents=True)
    old, new = home / "logs" / "night-a.log", home / "logs" / "night-b.log"
    old.write_text("x")
    new.write_text("x")
    os.utime(old, (0, 0))
    assert swept()["logs"].files == 1
    assert (old.exists(), new.exists()) == (False, True)


def test_a_killed_sweep_goes_on_at_the_next_call(home, stored):
    night(0, stored, "a")
    leave(home, stored)
    code = "from learning_warehouse.janitor import sweep; sweep(False)"
    killed = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "LW_KILL_AT": "janitor.before_removal:2"}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert (stored.exists(ORPHAN), (home / DRAFT).exists()) == (False, True)
    assert swept()["unfinished drafts"].files == 1
    assert seen(stored) == ["a"]
