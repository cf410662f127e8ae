"""Keeps the embedded Airflow running: api-server, scheduler, dag-processor and, while anything is simulated, the sandbox.

`up` starts one supervisor process in the background and returns when everything is healthy; `down` stops it. Children are
process groups that die with the supervisor; `home/run/supervisor.json` names every process id, so nothing is ever
searched by name. `airflow standalone` is not used: it leaves some forty processes behind when it is stopped.
"""

import argparse
import ctypes
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from learning_warehouse import airflow_home, simulated
from learning_warehouse.errors import ConfigurationError, LearningWarehouseError
from learning_warehouse.settings import Settings, settings

log = logging.getLogger(__name__)

HEALTH_SECONDS = 240
STOP_SECONDS = 20
RESTARTS = 3
PARTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Running:
    """A healthy installation: where its UI is, how to log in, and the process ids by part."""

    url: str
    user: str
    password: str
    pids: dict[str, int]
    log: Path


def up(port: int | None = None, on_event: Say | None = None, known: Settings | None = None) -> Running:
    """Start everything for this home and wait until it is healthy; when it already runs, say where.

    Raises ConfigurationError when the port is taken (naming the process and a free port) and LearningWarehouseError with
    the end of the log when a part does not become healthy; nothing is left running then.
    """
    known = known or settings()
    say = on_event or (lambda text: None)
    current = state(known)
    if current is not None:
        say(f"already running with pid {current['pids']['supervisor']}")
        return _running(known, current)
    port = port or known.airflow_port
    _require_free(port)
    airflow_home.prepare_folders(known.home)
    airflow_home.login(known.home)
    path = known.home / "logs" / "supervisor.log"
    with path.open("ab") as file:
        child = subprocess.Popen(
            [sys.executable, "-m", "learning_warehouse.supervisor", "--port", str(port)],
            stdout=file, stderr=file, stdin=subprocess.DEVNULL, start_new_session=True, cwd=known.home,
            env=os.environ | airflow_home.environment(known, port=port, log_level="INFO"),
        )  # fmt: skip
    try:
        _wait_until_healthy(known, port, child, say)
    except BaseException:
        down(known)
        if child.poll() is None:
            child.terminate()
            child.wait(STOP_SECONDS * 3)
        raise
    return _running(known, state(known) or {})


def down(known: Settings | None = None) -> list[str]:
    """Stop everything that `up` started for this home, by process id; returns the names of what ran."""
    known = known or settings()
    recorded = _recorded(known)
    if recorded is None:
        return []
    alive = {name: found for name, pid in recorded["pids"].items() if (found := _process(pid, recorded["started"].get(name)))}
    if "supervisor" in alive:
        alive["supervisor"].terminate()
        psutil.wait_procs([alive["supervisor"]], timeout=STOP_SECONDS * 3)
    for name, process in alive.items():
        if name != "supervisor":
            _kill_group(process.pid, gone=not process.is_running())
    if "supervisor" in alive and alive["supervisor"].is_running():
        alive["supervisor"].kill()
    _state_file(known).unlink(missing_ok=True)
    return list(alive)


def state(known: Settings | None = None) -> dict[str, Any] | None:
    """What supervisor.json says ({port, pids, started}) while its supervisor lives, else None."""
    recorded = _recorded(known or settings())
    if recorded is None:
        return None
    return recorded if _process(recorded["pids"]["supervisor"], recorded["started"]["supervisor"]) else None


def health(port: int) -> dict[str, str]:
    """Airflow's own view of its parts, e.g. {"scheduler": "healthy"}; an api-server that does not answer gives {}."""
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=10) as answer:
            told = json.loads(answer.read())
    except (OSError, ValueError, urllib.error.URLError):
        return {}
    return {name: str(part.get("status")) for name, part in told.items() if isinstance(part, dict)}


def who_holds(port: int) -> str:
    """`pid 4711 (python)` for whoever listens on a port of this machine, or `another process` when that cannot be seen."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN and connection.pid:
                return f"pid {connection.pid} ({psutil.Process(connection.pid).name()})"
    except psutil.Error:
        pass
    return "another process"


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return
        except OSError:
            pass
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    raise ConfigurationError(f"Port {port} is taken by {who_holds(port)}.", what_to_do=f"Take another one: lw up --port {free}")


def _wait_until_healthy(known: Settings, port: int, child: subprocess.Popen[bytes], say: Say) -> None:
    seen: set[str] = set()
    deadline = time.monotonic() + HEALTH_SECONDS
    while time.monotonic() < deadline:
        parts = {name: status for name, status in health(port).items() if name in ("scheduler", "dag_processor", "metadatabase")}
        healthy = {name for name, status in parts.items() if status == "healthy"}
        for name in sorted(healthy - seen):
            say(f"{name.replace('_', '-')} is healthy")
        seen |= healthy
        if len(healthy) == 3:
            return
        if child.poll() is not None:
            break
        time.sleep(1)
    path = known.home / "logs" / "supervisor.log"
    tail = path.read_text(errors="replace").splitlines()[-5:]
    raise LearningWarehouseError("Airflow did not become healthy. " + " | ".join(tail), what_to_do=f"Read {path}")


def _running(known: Settings, recorded: dict[str, Any]) -> Running:
    user, password = airflow_home.login(known.home)
    url = f"http://127.0.0.1:{recorded['port']}"
    return Running(url, user, password, dict(recorded["pids"]), known.home / "logs" / "supervisor.log")


def _state_file(known: Settings) -> Path:
    return known.home / "run" / "supervisor.json"


def _recorded(known: Settings) -> dict[str, Any] | None:
    """What supervisor.json says, None when there is no such file or it is not one that a supervisor of ours wrote."""
    try:
        recorded: dict[str, Any] = json.loads(_state_file(known).read_text())
        numbers = [recorded["port"], *recorded["pids"].values(), *recorded["started"].values()]
        named = {"supervisor"} <= set(recorded["pids"]) and {"supervisor"} <= set(recorded["started"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return recorded if named and all(isinstance(number, int | float) for number in numbers) else None


def _process(pid: int, created: float | None) -> psutil.Process | None:
    """The process with this id if it still is the one we started (ids are used again)."""
    try:
        process = psutil.Process(pid)
        same = created is None or abs(process.create_time() - created) < 2
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def _kill_group(pid: int, gone: bool) -> None:
    """End a child's whole process group: politely while the child lives, then for certain."""
    try:
        if not gone:
            os.killpg(pid, signal.SIGTERM)
            psutil.wait_procs([psutil.Process(pid)], timeout=STOP_SECONDS)
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError, psutil.Error):
        pass


class Supervisor:
    """The process in the background: starts the parts, watches them, and stops them all when asked or when one cannot live."""

    def __init__(self, known: Settings, port: int) -> None:
        self.known = known
        self.port = port
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.sandbox: Any | None = None
        self.stopping = False
        self.restarts = dict.fromkeys(PARTS, 0)

    def run(self) -> int:
        """Until a signal comes; returns 0, or 1 when a part kept dying."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        os.umask(0o077)
        try:
            self._write_state()
            if simulated.is_simulated():
                from learning_warehouse.sandbox import process

                if not process.is_running(self.known):
                    self.sandbox = process.start(self.known, simulated.next_night(self.known.home))
                    self._write_state()
            self._migrate()
            for name in PARTS:
                self._start(name)
            return self._watch()
        finally:
            self._stop_all()

    def _ask_to_stop(self, number: int, _frame: object) -> None:
        log.info("asked to stop by signal %s", number)
        self.stopping = True

    def _migrate(self) -> None:
        """Database and pools, in a process of its own so that the supervisor itself stays small."""
        if not self.stopping:
            code = "from learning_warehouse.tasks import initialize; initialize()"
            subprocess.run([sys.executable, "-c", code], check=True, env=self._environment(), preexec_fn=die_with_parent)
            airflow_home.close_database(self.known.home)

    def _start(self, name: str) -> None:
        if self.stopping:
            return
        path = self.known.home / "logs" / f"{name}.log"
        with path.open("ab") as file:
            self.children[name] = subprocess.Popen(
                [sys.executable, "-m", "airflow", *PARTS[name]],
                stdout=file, stderr=file, stdin=subprocess.DEVNULL, env=self._environment(),
                start_new_session=True, preexec_fn=die_with_parent, cwd=self.known.home,  # noqa: PLW1509
            )  # fmt: skip
        log.info("%s started with pid %s", name, self.children[name].pid)
        self._write_state()

    def _watch(self) -> int:
        while not self.stopping:
            time.sleep(0.5)
            for name, child in list(self.children.items()):
                if child.poll() is None or self.stopping:
                    continue
                self.restarts[name] += 1
                log.error("%s ended with code %s", name, child.returncode)
                if self.restarts[name] > RESTARTS:
                    log.error("%s ended %s times; stopping everything", name, self.restarts[name])
                    return 1
                _kill_group(child.pid, gone=True)
                self._start(name)
        return 0

    def _stop_all(self) -> None:
        for name, child in self.children.items():
            if child.poll() is None:
                log.info("stopping %s (pid %s)", name, child.pid)
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("pid %s did not stop in time", child.pid)
            _kill_group(child.pid, gone=True)
            child.wait()
        if self.sandbox is not None:
            from learning_warehouse.sandbox import process

            process.stop(self.sandbox)
        _state_file(self.known).unlink(missing_ok=True)
        log.info("everything is stopped")

    def _environment(self) -> dict[str, str]:
        return os.environ | airflow_home.environment(self.known, port=self.port, log_level="INFO")

    def _write_state(self) -> None:
        pids = {"supervisor": os.getpid()} | {name: child.pid for name, child in self.children.items()}
        if self.sandbox is not None:
            pids["sandbox"] = self.sandbox.pid
        started = {name: found.create_time() for name, pid in pids.items() if (found := _process(pid, None))}
        path = _state_file(self.known)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(json.dumps({"port": self.port, "pids": pids, "started": started}))
        os.replace(temporary, path)


def die_with_parent() -> None:
    """In a child, before exec (Linux): take SIGTERM when the parent dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def main() -> int:
    """`python -m learning_warehouse.supervisor --port N`, with the environment that `up` gives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(message)s")
    log.info("supervisor started at %s", datetime.now(UTC).isoformat(timespec="seconds"))
    try:
        return Supervisor(settings(), parser.parse_args().port).run()
    except (LearningWarehouseError, OSError, subprocess.SubprocessError) as error:
        log.error("%s", error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
