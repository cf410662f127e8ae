"""SIGKILL a whole night inside Airflow: what is served stays whole, and a normal run after it gives the undisturbed marts.

By default one kill of a small company; LW_CRASH=all makes three kills at the default size.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ALL = os.environ.get("LW_CRASH") == "all"
SIZE = {"LW_EMPLOYEES": "1500", "LW_ACCOUNTS": "2000"} if ALL else {"LW_EMPLOYEES": "200", "LW_ACCOUNTS": "200"}
KILLS = [("land zendesk.tickets", 0.8), ("build core", 2.0), ("publish", 0.6)]

NIGHT = """
import json, os, signal, sys, threading, time
from learning_warehouse.night import run_night
where, delay = sys.argv[1], float(sys.argv[2])

def kill_soon():
    time.sleep(delay)
    os.kill(os.getpid(), signal.SIGKILL)

def watch(step, event):
    if step == where and event.state == "started":
        threading.Thread(target=kill_soon, daemon=True).start()

result = run_night(on_event=watch)
from learning_warehouse.generations import row_hashes
told = {"exit_code": result.exit_code, "failures": result.failures, "generation": result.generation.number}
print(json.dumps({**told, "hashes": row_hashes(result.generation.path)}))
"""


def night(home: Path, where: str = "nowhere", delay: float = 0.0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **SIZE, "LW_HOME": str(home), "LW_PERSON_KEY_SECRET": "a fixed key for tests only"}
    return subprocess.run(
        [sys.executable, "-c", NIGHT, where, str(delay)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def told(answer: subprocess.CompletedProcess[str]) -> dict:
    assert answer.returncode == 0, answer.stdout + answer.stderr[-3000:]
    return json.loads(answer.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The row hashes of two nights that nobody killed."""
    home = tmp_path_factory.mktemp("undisturbed")
    nights = [told(night(home)), told(night(home))]
    assert [each["exit_code"] for each in nights] == [0, 0], nights
    return nights


@pytest.mark.crash
@pytest.mark.slow
@pytest.mark.parametrize(("where", "delay"), KILLS if ALL else KILLS[1:2])
def test_a_killed_night_is_healed_by_the_next_run(where, delay, undisturbed, tmp_path):
    first = told(night(tmp_path))
    assert first["hashes"] == undisturbed[0]["hashes"]

    killed = night(tmp_path, where, delay)
    assert killed.returncode == -signal.SIGKILL
    served = (tmp_path / "served").resolve()
    assert served.name == f"{first['generation']:06d}" or where == "publish"
    assert json.loads((tmp_path / "simulation.json").read_text())["next_night"].startswith("2026-12-02")

    healed = told(night(tmp_path))
    assert healed["exit_code"] == undisturbed[1]["exit_code"], healed["failures"]
    different = {name for name, value in undisturbed[1]["hashes"].items() if healed["hashes"].get(name) != value}
    assert different == set()
    assert set(healed["hashes"]) == set(undisturbed[1]["hashes"])
    assert not list((tmp_path / "generations").glob(".building-*"))
