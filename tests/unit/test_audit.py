"""Each typed load gets one verdict; what it stores holds counts only; a killed audit converges."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from learning_warehouse import loads
from learning_warehouse.audit import audit
from learning_warehouse.landing import land_and_type
from learning_warehouse.sources import find
from learning_warehouse.streams import RunContext

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
CANARY = "canary-4711"


def drop(home: Path, lines: int, bad: int = 0, name: str = "2026-11.csv") -> None:
    rows = [
        f"{CANARY}-{name}-{number},{CANARY},2026-11-23,{'yes' if number % 2 else 'no'},yes,4,2026-11-27T{number % 24:02d}:00:00Z"
        for number in range(lines)
    ]
    rows[:bad] = [row.replace("2026-11-27T", "yesterday ") for row in rows[:bad]]
    folder = home / "drops" / "checkins"
    folder.mkdir(parents=True, exist_ok=True)
    header = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at"
    (folder / name).write_text("\n".join([header, *rows]) + "\n")


def land(night: int = 0) -> str:
    now = NIGHT + timedelta(days=night)
    run_id = f"test-{now:%Y-%m-%d}"
    for stream in ("coaching_events", "checkins", "pilot_assignments"):
        land_and_type(f"drops.{stream}", RunContext(run_id=run_id, now=now))
    return run_id


def verdicts(run_id: str, stored, night: int = 0) -> dict[str, loads.StoredVerdict]:
    return {verdict.stream: verdict for verdict in audit("signals", run_id, NIGHT + timedelta(days=night), stored)}


def test_a_good_load_is_admitted_and_one_without_files_is_empty(home, stored):
    drop(home, 60)
    found = verdicts(land(), stored)
    assert (found["checkins"].verdict, found["checkins"].severity, found["checkins"].reasons) == ("admitted", None, [])
    assert found["checkins"].checks_passed == found["checkins"].checks_total > 11
    assert found["coaching_events"].verdict == found["pilot_assignments"].verdict == "empty"


def test_a_few_bad_lines_are_set_aside_and_many_reject_the_load(home, stored):
    drop(home, 60, bad=2)
    found = verdicts(land(), stored)
    assert (found["checkins"].verdict, found["checkins"].set_aside) == ("admitted", 2)
    drop(home, 60, bad=10, name="2026-12.csv")
    found = verdicts(land(night=1), stored, night=1)
    assert found["checkins"].verdict == "rejected" and found["checkins"].severity == "critical"
    assert {"set_aside_share", "answered_at_filled"} <= {reason["check"] for reason in found["checkins"].reasons}
    assert all(reason["sentence"] and reason["touches"] for reason in found["checkins"].reasons)


def test_a_verdict_is_given_once_and_stays(home, stored):
    drop(home, 60)
    first = verdicts(land(), stored)
    key = loads.verdict_key("drops", "checkins", 1)
    before = stored.read_bytes(key)
    assert verdicts("test-2026-12-01", stored) == first
    assert stored.read_bytes(key) == before
    assert not stored.create_if_absent(key, b"{}")
    assert loads.verdict(find("drops.checkins"), 1, stored) == first["checkins"]


def test_loads_of_an_older_run_without_verdict_are_judged_too(home, stored):
    drop(home, 60)
    land()
    drop(home, 30, name="2026-12.csv")
    found = audit("signals", land(night=1), NIGHT + timedelta(days=1), stored)
    assert {(verdict.stream, verdict.seq) for verdict in found} >= {("checkins", 1), ("checkins", 2)}


def test_nothing_that_the_audit_stores_holds_a_value_of_a_record(home, stored):
    drop(home, 60, bad=10)
    verdicts(land(), stored)
    kept = [path for folder in ("working/gx", "working/data-docs") for path in (home / folder).rglob("*") if path.is_file()]
    kept.append(home / loads.verdict_key("drops", "checkins", 1))
    assert len(kept) > 3
    assert [path for path in kept if CANARY in path.read_text()] == []


@pytest.mark.crash
@pytest.mark.parametrize("point", ["audit.before_verdict", "audit.after_verdict"])
def test_an_audit_killed_at_any_point_is_finished_by_the_next(home, stored, point):
    drop(home, 60)
    run_id = land()
    code = (
        "from datetime import UTC, datetime\n"
        "from learning_warehouse.audit import audit\nfrom learning_warehouse.storage import storage\n"
        f"audit('signals', {run_id!r}, datetime(2026, 12, 1, 1, tzinfo=UTC), storage())"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "LW_KILL_AT": f"{point}:2"}, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    found = verdicts(run_id, stored)
    assert {name: verdict.verdict for name, verdict in found.items()} == {
        "checkins": "admitted",
        "coaching_events": "empty",
        "pilot_assignments": "empty",
    }
    shown = json.loads((home / "working" / "data-docs" / "shown.json").read_text())
    assert [key for key in shown if "drops__checkins" in key]
