"""One writer for each home: an operating-system lock that dies with its holder, so no lock is ever left behind.

A night holds the lock alone. Tasks under the scheduler share it with each other (pools and max_active_runs order them)
and keep a night out; they in turn wait while a night runs.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from learning_warehouse import file_system
from learning_warehouse.errors import LearningWarehouseError, RetryLater

_held: set[Path] = set()


class Locked(LearningWarehouseError):
    """Another process writes to this home; exit code 75, nothing was touched."""

    exit_code = 75


@contextmanager
def alone(home: Path, run_id: str) -> Iterator[None]:
    """Hold the home for one night. Raises Locked, naming run and pid of the holder, without waiting.

    Raises ConfigurationError when the home lies on a file system on which no commit would be safe.
    """
    path = _path(home)
    with open(path, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(f"locked by {_holder(path)}", what_to_do="wait until it has ended, then run again") from None
        file.truncate(0)
        file.write(json.dumps({"run_id": run_id, "pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}))
        file.flush()
        file_system.require(path.parent)
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)
            file.truncate(0)


@contextmanager
def shared(home: Path) -> Iterator[None]:
    """Keep nights out while one task of the scheduler writes. Raises RetryLater (two minutes) while a night runs."""
    path = _path(home)
    if path in _held:
        yield
        return
    with open(path, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"this home is locked by {_holder(path)}"
            raise RetryLater(message, come_back_at=datetime.now(UTC) + timedelta(minutes=2)) from None
        yield


def _path(home: Path) -> Path:
    (home / "run").mkdir(parents=True, exist_ok=True, mode=0o700)
    return home.resolve() / "run" / "night.lock"


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text())
        os.kill(told["pid"], 0)
        return f"run {told['run_id']} (pid {told['pid']}, since {told['since']})"
    except (ValueError, KeyError, TypeError, ProcessLookupError):
        return "a task of the running Airflow (see `lw status`, stop it with `lw down`)"
