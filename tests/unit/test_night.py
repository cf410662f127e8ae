"""A night in one process: its terminal stays clean, a dead vendor costs seconds, and good streams are never held back."""

import json
import os
import subprocess
import sys

import pytest
from byte_server import serve_bytes

from learning_warehouse.progress import Event, listening, step

SMALL = {"LW_EMPLOYEES": "60", "LW_ACCOUNTS": "60", "LW_PERSON_KEY_SECRET": "a fixed key for tests only"}

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

QUIET = """
import logging, os, sys
from pathlib import Path
from learning_warehouse.night import _on_terminal, _quiet_terminal
from rich.console import Console
console = Console()
with _quiet_terminal(Path(sys.argv[1])) as terminal:
    print("a library prints")
    os.write(1, b"a C library prints\\n")
    os.system("echo a child prints")
    sys.stderr.write("a warning\\n")
    logging.getLogger("learning_warehouse.anything").info("we log")
    _on_terminal(lambda name, event: print("the listener prints"), terminal)("step", None)
    console.print("a rich console draws")
print("after the night")
"""

INGEST = """
import json, sys
from learning_warehouse import airflow_home, simulated
from learning_warehouse.progress import listening
from learning_warehouse.sandbox import process
from learning_warehouse.settings import settings
now = simulated.next_night(settings().home)
airflow_home.use(settings())
from learning_warehouse import tasks
from learning_warehouse.pages.loads import load_states
tasks.initialize()
dags = tasks.load_dags()
events = []
sandbox = process.start(settings(), now)
try:
    sandbox.set_faults(json.loads(sys.argv[1]))
    with listening(lambda name, event: events.append([name, event.state, event.seconds, str(event.detail)])):
        states = {name: tasks.run_dag(dags[name], now, {"night": "night-2026-12-01-000001"}) for name in json.loads(sys.argv[2])}
finally:
    process.stop(sandbox)
from airflow.models.asset import AssetEvent
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from sqlalchemy import select
with create_session() as session:
    assets = [[event.asset.name, event.extra] for event in session.scalars(select(AssetEvent))]
    crosses = [str(value.value) for value in session.scalars(select(XComModel))]
tasks.forget_asset_events()
loads = {load.name: [load.state, load.failure] for load in load_states(now)}
print(json.dumps({"states": states, "events": events, "assets": assets, "crosses": crosses, "loads": loads}, default=str))
"""


def _run(code: str, home, *arguments: str, timeout: float = 400, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **SMALL, "LW_HOME": str(home), **more}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


def test_only_listener_and_rich_console_reach_the_terminal(tmp_path):
    answer = _run(QUIET, tmp_path, str(tmp_path / "night.log"))
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines() == ["the listener prints", "a rich console draws", "after the night"]
    assert answer.stderr == ""


def test_the_log_holds_everything_else_and_only_its_owner_may_read_it(tmp_path):
    _run(QUIET, tmp_path, str(tmp_path / "night.log"))
    told = (tmp_path / "night.log").read_text()
    for line in (
        "a library prints",
        "a C library prints",
        "a child prints",
        "a warning",
        "INFO learning_warehouse.anything we log",
    ):
        assert line in told
    assert (tmp_path / "night.log").stat().st_mode & 0o777 == 0o600


def test_a_step_that_fails_is_told_with_its_sentence():
    seen: list[Event] = []
    with pytest.raises(ValueError, match="no such page"), listening(lambda _name, event: seen.append(event)), step("land a.b"):
        raise ValueError("no such page")
    assert [(event.step, event.state) for event in seen] == [("land a.b", "started"), ("land a.b", "failed")]
    assert seen[1].detail == {"error": "no such page"}


def test_an_unknown_vendor_is_a_usage_error():
    from learning_warehouse.errors import ConfigurationError
    from learning_warehouse.night import run_night

    with pytest.raises(ConfigurationError, match="There is no vendor 'zendisk'") as told:
        run_night(only="zendisk")
    assert told.value.exit_code == 2


@pytest.fixture(scope="module")
def bad_evening(tmp_path_factory):
    """Support and HR ingested while Zendesk answers with an error body; what the DAG runs left behind and whom they told."""
    home = tmp_path_factory.mktemp("bad-evening")
    faults, dags = json.dumps([{"kind": "zendesk_error_body"}]), json.dumps(["ingest_support", "ingest_hris"])
    notes: list[bytes] = []
    webhook = serve_bytes(lambda method, target, headers, body: notes.append(body) or OK)
    answer = _run(INGEST, home, faults, dags, LW_NOTIFY=f"json://127.0.0.1:{webhook.server_port}")
    webhook.shutdown()
    assert answer.returncode == 0, answer.stderr[-3000:]
    return {**json.loads(answer.stdout.splitlines()[-1]), "notes": [json.loads(note) for note in notes]}, home


@pytest.mark.slow
def test_a_dead_vendor_turns_its_own_run_red_and_no_other(bad_evening):
    told, _ = bad_evening
    assert told["states"] == {"ingest_support": "failed", "ingest_hris": "success"}
    assert {state for name, (state, _) in told["loads"].items() if name.startswith("zendesk.")} == {"failed"}
    assert {state for name, (state, _) in told["loads"].items() if name.startswith("bamboohr.")} == {"admitted"}


@pytest.mark.slow
def test_a_dead_vendor_is_told_once_for_all_its_streams(bad_evening):
    told, _ = bad_evening
    assert [note["title"] for note in told["notes"]] == ["Learning Warehouse: zendesk needs somebody"]
    assert "section ingest_support" in told["notes"][0]["message"]
    assert all(stream in told["notes"][0]["message"] for stream in ("tickets", "users", "organizations"))


@pytest.mark.slow
def test_a_source_whose_streams_all_failed_emits_no_asset(bad_evening):
    told, _ = bad_evening
    assert [name for name, _ in told["assets"]] == ["learning_warehouse.hris"]
    assert told["assets"][0][1]["admitted"] == 4


@pytest.mark.slow
def test_a_dead_vendor_costs_seconds(bad_evening):
    told, _ = bad_evening
    failed = [seconds for name, state, seconds, _ in told["events"] if name.startswith("land zendesk.") and state == "failed"]
    assert len(failed) == 4, "each stream is tried once when the HTTP client has used up its attempts"
    assert sum(failed) < 60


@pytest.mark.slow
def test_only_ids_and_counts_cross_between_tasks(bad_evening):
    told, _ = bad_evening
    assert told["crosses"]
    for value in told["crosses"]:
        assert len(value) < 400
        assert "@" not in value


@pytest.mark.slow
def test_the_failure_is_kept_for_the_pages_as_a_sentence(bad_evening):
    told, _ = bad_evening
    for name, (_, failure) in told["loads"].items():
        if name.startswith("zendesk."):
            assert len(failure) > 20, name


@pytest.mark.slow
def test_everything_of_airflow_lies_below_the_home_and_is_private(bad_evening):
    _, home = bad_evening
    for name in ("airflow", "secrets", "logs", "run"):
        assert (home / name).stat().st_mode & 0o077 == 0, name
    for path in (home / "secrets").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    assert (home / "airflow" / "airflow.db").exists()
