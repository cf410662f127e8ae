"""Start and stop the sandbox as a child process, and speak to its control door.

The child ends when its parent is gone, so a killed night leaves no server behind. Everything it prints goes to
`<home>/logs/sandbox.log`, which every error names.
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from learning_warehouse.errors import ConfigurationError, StopEverything
from learning_warehouse.sandbox.throttle import DEFAULT_FACTOR
from learning_warehouse.settings import Settings, environment

READY_SECONDS = 180.0
STOP_SECONDS = 10.0
CONTROL_SECONDS = 60.0
USAGE_EXIT_CODE = 2


@dataclass(slots=True)
class SandboxProcess:
    """A running sandbox on 127.0.0.1; `url` is its address and the proxy to set. With TLS, https goes through `proxy_port`."""

    home: Path
    port: int
    pid: int
    log_path: Path
    child: subprocess.Popen[bytes] | None = None
    proxy_port: int | None = None
    ca_file: Path | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def move(self, now: datetime) -> dict[str, Any]:
        """Set the sandbox's clock (aware datetime); returns its state."""
        return self._control("POST", "now", {"now": now.isoformat()})

    def set_faults(self, faults: list[dict[str, Any]]) -> dict[str, Any]:
        """Replace the faults in force (an empty list heals); returns its state."""
        return self._control("POST", "faults", faults)

    def purge(self, ids: list[str]) -> dict[str, Any]:
        """Delete contacts, deals, contracts and enrollments for good (an empty list brings all back); returns its state."""
        return self._control("POST", "purge", ids)

    def state(self) -> dict[str, Any]:
        """Clock, faults and calls per vendor."""
        return self._control("GET", "state", None)

    def stop(self) -> None:
        """End the sandbox; harmless when it is gone already."""
        if self.child is None:
            _signal(self.pid, signal.SIGTERM)
            return
        self.child.terminate()
        try:
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def _control(self, method: str, name: str, content: Any) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CONTROL_SECONDS)
        try:
            connection.request(method, f"/_control/{name}", None if content is None else json.dumps(content))
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise StopEverything(f"The sandbox at {self.url} does not answer: {error}. Its log: {self.log_path}") from error
        finally:
            connection.close()
        if response.status != 200:
            raise StopEverything(f"The sandbox refused {name}: {answer.get('error', response.status)}")
        return answer


def running(home: Path) -> SandboxProcess | None:
    """The sandbox that announced itself under this home and still lives, or nothing."""
    try:
        content = json.loads((home / "run" / "sandbox.json").read_text())
        found = SandboxProcess(home, int(content["port"]), int(content["pid"]), home / "logs" / "sandbox.log")
        return found if found.state()["pid"] == found.pid else None
    except (OSError, ValueError, KeyError, TypeError, StopEverything):
        return None


def is_running(settings: Settings) -> bool:
    """Whether a sandbox answers for the home of these settings."""
    return running(settings.home) is not None


def start(
    settings: Settings, now: datetime, port: int = 0, rate_factor: float = DEFAULT_FACTOR, tls: bool = False
) -> SandboxProcess:
    """Start a sandbox of the settings' company at `now`, over https too if asked, and wait until it answers.

    Raises ConfigurationError when the port is taken and StopEverything when the child dies or is not ready in three
    minutes; both name the log.
    """
    ready_path = settings.home / "run" / "sandbox.json"
    log_path = settings.home / "logs" / "sandbox.log"
    log_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "learning_warehouse.sandbox.serve", "--port", str(port), "--now", now.isoformat()]
    command += ["--seed", str(settings.seed), "--employees", str(settings.employees), "--accounts", str(settings.accounts)]
    command += ["--home", str(settings.home), "--rate-factor", str(rate_factor), "--parent", str(os.getpid())]
    command += ["--tls"] if tls else []
    with open(log_path, "ab") as log:
        log_start = log.tell()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=settings.repository, env=environment()
        )
    deadline = time.monotonic() + READY_SECONDS
    try:
        while time.monotonic() < deadline:
            if child.poll() is not None:
                why = _log_tail(log_path, log_start)
                kind = ConfigurationError if child.returncode == USAGE_EXIT_CODE else StopEverything
                raise kind(f"The sandbox ended before it was ready (exit code {child.returncode}). {why}")
            content = _read_ready(ready_path)
            if content.get("pid") == child.pid:
                secure = (content["proxy_port"], Path(content["ca_file"])) if tls else ()
                return SandboxProcess(settings.home, int(content["port"]), child.pid, log_path, child, *secure)
            time.sleep(0.05)
        raise StopEverything(f"The sandbox was not ready after {READY_SECONDS:.0f} s. {_log_tail(log_path, log_start)}")
    except BaseException:
        child.kill()
        child.wait()
        raise


def stop(process: SandboxProcess) -> None:
    """End a sandbox; harmless when it is gone already."""
    process.stop()


def _read_ready(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content


def _log_tail(path: Path, start: int) -> str:
    lines = path.read_bytes()[start:].decode("utf-8", "replace").strip().splitlines()
    return f"{lines[-1] if lines else 'It printed nothing.'} Its log: {path}"


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
