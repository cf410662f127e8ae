"""SIGKILL a whole night inside Airflow: what is served stays whole, and a normal run after it gives the undisturbed marts.

By default one kill in the first night of a small company; LW_CRASH=all kills second nights at three places at the default size.
Airflow's database is deleted after each kill: nothing of what a night has done is known there alone.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from learning_warehouse import simulated

ALL = os.environ.get("LW_CRASH") == "all"
SIZE = {"LW_EMPLOYEES": "1500", "LW_ACCOUNTS": "2000"} if ALL else {"LW_EMPLOYEES": "200", "LW_ACCOUNTS": "200"}
NIGHTS_BEFORE = 1 if ALL else 0
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
    """What each night gives when nobody kills it: exit code and row hashes, as far as the night that is killed."""
    home = tmp_path_factory.mktemp("undisturbed")
    nights = [told(night(home)) for _ in range(NIGHTS_BEFORE + 1)]
    assert [each["exit_code"] for each in nights] == [0] * len(nights), [each["failures"] for each in nights]
    return nights


@pytest.mark.crash
@pytest.mark.slow
@pytest.mark.parametrize(("where", "delay"), KILLS if ALL else KILLS[1:2])
def test_a_killed_night_is_healed_by_the_next_run_even_when_airflow_has_lost_its_database(where, delay, undisturbed, tmp_path):
    for before in undisturbed[:-1]:
        assert told(night(tmp_path))["hashes"] == before["hashes"]
    served_before, date_before = served(tmp_path), simulated.next_night(tmp_path)

    assert night(tmp_path, where, delay).returncode == -signal.SIGKILL
    if where != "publish":
        assert served(tmp_path) == served_before
        assert simulated.next_night(tmp_path) == date_before

    lose_the_database_of_airflow(tmp_path)
    healed = told(night(tmp_path))
    assert healed["exit_code"] == 0, healed["failures"]
    assert set(healed["hashes"]) == set(undisturbed[-1]["hashes"])
    assert {name for name, value in undisturbed[-1]["hashes"].items() if healed["hashes"][name] != value} == set()
    assert simulated.next_night(tmp_path) > date_before
    assert not list((tmp_path / "generations").glob(".building-*"))


def lose_the_database_of_airflow(home: Path) -> None:
    """Delete it with all that SQLite keeps beside it."""
    database = home / "airflow" / "airflow.db"
    assert database.stat().st_size > 0
    for path in database.parent.glob("airflow.db*"):
        path.unlink()


def served(home: Path) -> str | None:
    """The name of the generation that readers see."""
    link = home / "served"
    return link.resolve().name if link.is_symlink() else None
