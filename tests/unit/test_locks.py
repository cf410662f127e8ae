"""One writer for each home: nights exclude each other and the scheduler's tasks, and no lock outlives its holder."""

import os
import signal
import subprocess
import sys
import time

import pytest

from learning_warehouse import locks
from learning_warehouse.errors import RetryLater

HOLD = """
import sys, time
from pathlib import Path
from learning_warehouse import locks
with getattr(locks, sys.argv[1])(Path(sys.argv[2]), *sys.argv[3:]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Start another process that holds the lock of `tmp_path`; ended after the test."""
    started = []

    def hold(*how: str) -> subprocess.Popen[str]:
        child = subprocess.Popen([sys.executable, "-c", HOLD, how[0], str(tmp_path), *how[1:]], stdout=subprocess.PIPE, text=True)
        started.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        return child

    yield hold
    for child in started:
        child.kill()
        child.wait()


def test_a_second_night_ends_at_once_with_code_75_and_names_run_and_pid(tmp_path, holder):
    child = holder("alone", "night-2026-12-01-abc123")
    with (
        pytest.raises(locks.Locked, match=f"run night-2026-12-01-abc123 .pid {child.pid}") as told,
        locks.alone(tmp_path, "second"),
    ):
        pass
    assert told.value.exit_code == 75


def test_a_killed_night_leaves_no_lock(tmp_path, holder):
    child = holder("alone", "killed")
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with locks.alone(tmp_path, "next"):
        pass


def test_a_task_waits_two_minutes_while_a_night_runs(tmp_path, holder):
    holder("alone", "night-2026-12-01-abc123")
    with pytest.raises(RetryLater, match="night-2026-12-01-abc123") as told, locks.shared(tmp_path):
        pass
    assert 100 < told.value.come_back_at.timestamp() - time.time() <= 120


def test_tasks_of_the_scheduler_run_beside_each_other_and_keep_a_night_out(tmp_path, holder):
    holder("shared")
    with locks.shared(tmp_path):
        pass
    with pytest.raises(locks.Locked, match="a task of the running Airflow"), locks.alone(tmp_path, "night"):
        pass


def test_a_night_in_one_process_does_not_wait_for_itself(tmp_path):
    with locks.alone(tmp_path, "night"), locks.shared(tmp_path):
        pass


def test_the_name_of_a_killed_night_is_not_told_as_the_holder(tmp_path, holder):
    child = holder("alone", "long-dead")
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    holder("shared")
    with pytest.raises(locks.Locked) as told, locks.alone(tmp_path, "night"):
        pass
    assert "long-dead" not in str(told.value)


def test_two_homes_do_not_meet(tmp_path, holder):
    holder("alone", "first")
    with locks.alone(tmp_path / "other", "second"):
        pass
