"""Killed at any named point between landing and admission, the next run ends where an undisturbed run ends."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from learning_warehouse.checkpoints import KILL_POINTS
from learning_warehouse.object_storage import ObjectStorage
from learning_warehouse.settings import REPOSITORY

POINTS = [point for point in KILL_POINTS if point.split(".")[0] in ("land", "type", "audit", "admit")]
IN_A_BUCKET = POINTS if os.environ.get("LW_CRASH") == "all" else ("land.after_manifest", "type.after_parquet_link")
PROGRAM = """
from datetime import datetime, UTC
import msgspec
from learning_warehouse import admission, loads
from learning_warehouse.checkpoints import reach
from learning_warehouse.landing import land_and_type
from learning_warehouse.sources import find
from learning_warehouse.storage import storage
from learning_warehouse.streams import RunContext
now = datetime(2026, 12, 1, 1, tzinfo=UTC)
for name in ("drops.checkins", "drops.pilot_assignments"):
    receipt = land_and_type(name, RunContext("run", now))
    verdict = loads.StoredVerdict("drops", receipt.stream, receipt.seq, "run", receipt.now, "admitted", None, [], 0, 0, 0, 0)
    reach("audit.before_verdict")
    storage().create_if_absent(loads.verdict_key("drops", receipt.stream, receipt.seq), msgspec.json.encode(verdict))
    reach("audit.after_verdict")
admission.admit("signals", storage())
"""
CHECKINS = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at\n" + "".join(
    f"c{number},E-{number},2026-11-23,yes,no,4,2026-11-27T10:00:00Z\n" for number in range(50)
)


def _run(home: Path, kill_at: str | None = None, bucket: str = "") -> int:
    (home / "drops" / "checkins").mkdir(parents=True, exist_ok=True)
    (home / "drops" / "checkins" / "a.csv").write_text(CHECKINS)
    environment = {**os.environ, "LW_HOME": str(home), "LW_PERSON_KEY_SECRET": "a-fixed-key-for-tests", "LW_STORAGE": bucket}
    environment.pop("LW_KILL_AT", None)
    if kill_at:
        environment["LW_KILL_AT"] = kill_at
    return subprocess.run([sys.executable, "-c", PROGRAM], env=environment, cwd=REPOSITORY, check=False).returncode


def _admitted(home: Path) -> list[tuple]:
    columns = "checkin_id, employee_id, week_start, manager_asked, _file, _line, _index"
    files = f"'{home}/admitted/drops/checkins/v=1/*.parquet'"
    return duckdb.sql(f"SELECT {columns} FROM read_parquet({files}) ORDER BY ALL").fetchall()


@pytest.mark.crash
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_nothing_wrong_and_the_next_run_converges(tmp_path, point):
    assert _run(tmp_path, kill_at=point) == -9
    assert _run(tmp_path) == 0
    rows = _admitted(tmp_path)
    assert len(rows) == len({row[0] for row in rows}) == 50
    manifests = list(tmp_path.glob("raw/drops/checkins/_manifests/*.json"))
    assert len(manifests) == 1
    assert not list((tmp_path / "admitted").rglob(".*.draft"))


@pytest.mark.crash
@pytest.mark.parametrize("point", IN_A_BUCKET)
def test_the_same_holds_in_a_bucket(tmp_path, bucket, point):
    assert _run(tmp_path, kill_at=point, bucket=bucket.address) == -9
    assert _run(tmp_path, bucket=bucket.address) == 0
    store = ObjectStorage(bucket.address, tmp_path)
    store.bring("admitted")
    rows = _admitted(tmp_path)
    assert len(rows) == len({row[0] for row in rows}) == 50
    assert len(store.list("raw/drops/checkins/_manifests")) == 1
