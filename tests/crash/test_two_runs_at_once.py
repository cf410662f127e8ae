"""Four processes that land, judge and admit the same stream at the same moment: every row is there once, nothing is torn."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import msgspec
import pytest

from learning_warehouse.settings import REPOSITORY
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Manifest

PROGRAM = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from learning_warehouse import admission, audit
from learning_warehouse.errors import StopStream
from learning_warehouse.landing import land_and_type
from learning_warehouse.settings import settings
from learning_warehouse.storage import storage
from learning_warehouse.streams import RunContext
run_id, now = sys.argv[1], datetime(2026, 12, 1, 1, tzinfo=UTC)
(settings().home / f"{run_id}.ready").touch()
while not (settings().home / "go").exists():
    time.sleep(0.005)
try:
    receipt = land_and_type("drops.checkins", RunContext(run_id, now))
    print("landed", receipt.seq)
except StopStream as error:
    print("stopped", error)
audit.audit("signals", run_id, now, storage())
admission.admit("signals", storage())
"""
LINES = [f"c{number},E-{number},2026-11-23,yes,no,4,2026-11-27T10:00:00Z" for number in range(50)]
HEADER = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at"


def together(home: Path, run_ids: list[str]) -> list[str]:
    """What each of several processes says that start their night at the same moment."""
    (home / "drops" / "checkins").mkdir(parents=True)
    (home / "drops" / "checkins" / "a.csv").write_text("\n".join([HEADER, *LINES]) + "\n")
    environment = {**os.environ, "LW_HOME": str(home), "LW_PERSON_KEY_SECRET": "a-fixed-key-for-tests"}
    for name in ("LW_STORAGE", "LW_KILL_AT", "LW_DROP_FOLDER", "LW_COMPANY_FILE"):
        environment.pop(name, None)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, run_id], env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        for run_id in run_ids
    ]
    while len(list(home.glob("*.ready"))) < len(set(run_ids)) and all(process.poll() is None for process in started):
        pass
    (home / "go").touch()
    said = [process.communicate(timeout=300)[0].strip() for process in started]
    assert [process.returncode for process in started] == [0] * len(run_ids)
    return said


def admitted(home: Path) -> list[tuple[str, int]]:
    rows = f"read_parquet('{home}/admitted/drops/checkins/v=1/*.parquet', hive_partitioning = false)"
    return duckdb.sql(f"select checkin_id, _seq from {rows}").fetchall()


@pytest.mark.crash
@pytest.mark.parametrize(
    "run_ids", [["one", "two", "three", "four"], ["same"] * 4], ids=["four runs", "one run started four times"]
)
def test_of_runs_at_once_each_load_is_whole_and_every_row_comes_once_per_load(tmp_path, run_ids):
    said = together(tmp_path, run_ids)
    manifests = [
        msgspec.json.decode(path.read_bytes(), type=Manifest)
        for path in sorted(tmp_path.glob("raw/drops/checkins/_manifests/*.json"))
    ]
    assert [manifest.seq for manifest in manifests] == list(range(1, len(manifests) + 1))
    assert len({manifest.run_id for manifest in manifests}) == len(manifests)
    landed = {line for line in said if line.startswith("landed")}
    assert landed == {f"landed {manifest.seq}" for manifest in manifests}
    assert all("landed this stream at the same time" in line for line in said if line not in landed)
    rows = admitted(tmp_path)
    assert sorted(rows) == sorted((f"c{number}", one.seq) for one in manifests if one.records for number in range(50))
    assert {one.records for one in manifests} <= {0, 50}
    assert not list(Path(Storage(tmp_path).path("")).rglob(".*.draft"))
