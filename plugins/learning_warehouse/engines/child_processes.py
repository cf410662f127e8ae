"""Server processes of an engine: started, watched until they answer, ended by id.

Their ids stand in run/engines.json while they live, so that the next start ends what a killed build left behind; an id that
by then belongs to another program is left alone.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from learning_warehouse.engines.base import EngineProcess
from learning_warehouse.errors import StopEverything
from learning_warehouse.settings import settings

STOP_SECONDS = 20.0


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    """Whether something answers on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class ChildProcesses:
    """The processes of one engine, in the order they were started; they end in the opposite order."""

    def __init__(self, engine: str, log: Path) -> None:
        self.engine, self.log = engine, log
        self._children: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._record = settings().home / "run" / "engines.json"

    def start(self, role: str, command: Sequence[str], folder: Path, user: str | None = None, **values: str) -> None:
        """Start one process in `folder`, as `user` if one is named, with `values` added to its environment."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        extra: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
        with open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            child = subprocess.Popen(
                list(command),
                cwd=folder,
                env={**_environment(), **values},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **extra,
            )
        self._children.append((role, child))
        self._write_record()

    def wait_until(self, is_ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Return once `is_ready`. Raises StopEverything with the end of the log when a process died or the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_ready():
                return
            dead = [role for role, child in self._children if child.poll() is not None]
            if dead:
                raise StopEverything(f"{what} did not start: {', '.join(dead)} ended.", what_to_do=f"read {self.log}")
            time.sleep(0.1)
        raise StopEverything(f"{what} was not ready after {seconds:.0f} s.", what_to_do=f"read {self.log}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End all of them, newest first; one that does not listen is killed."""
        for _, child in reversed(self._children):
            child.send_signal(number)
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
        self._write_record()

    def listed(self) -> list[EngineProcess]:
        """The processes and their own children (workers, executors) that live now."""
        found = []
        for role, child in self._children:
            try:
                parent = psutil.Process(child.pid)
                found.append(_described(parent, role))
                found += [_described(process, f"child of {role}") for process in parent.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
        return found

    def end_leftovers(self) -> None:
        """End what a killed build of this home left running, after making sure that each id still is that process."""
        try:
            left = json.loads(self._record.read_text()).get(self.engine, [])
        except (OSError, ValueError):
            return
        for pid, created in left:
            try:
                process = psutil.Process(pid)
                if abs(process.create_time() - created) < 1:
                    process.terminate()
                    process.wait(STOP_SECONDS)
            except psutil.Error:
                continue

    def _write_record(self) -> None:
        self._record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            content = json.loads(self._record.read_text())
        except (OSError, ValueError):
            content = {}
        content[self.engine] = [[child.pid, psutil.Process(child.pid).create_time()] for _, child in self._children]
        self._record.write_text(json.dumps(content))


def _environment() -> dict[str, str]:
    """What a server needs of our environment, and none of our settings or credentials."""
    return {
        name: value for name in ("PATH", "HOME", "LANG", "JAVA_HOME", "TMPDIR") if (value := psutil.Process().environ().get(name))
    }


def _described(process: psutil.Process, role: str) -> EngineProcess:
    return EngineProcess(process.pid, role, process.name(), process.memory_info().rss // 2**20)
