"""The sandbox as a child process: readiness, stop, a taken port, a parent that dies. Also the throttle's clock."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from learning_warehouse.errors import ConfigurationError, StopEverything
from learning_warehouse.sandbox import process
from learning_warehouse.sandbox.serve import bind
from learning_warehouse.sandbox.throttle import Throttle
from learning_warehouse.settings import Settings

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def small(home: Path) -> Settings:
    return Settings(home=home, employees=60, accounts=60, seed=3)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until_gone(pid: int, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not alive(pid)


def test_it_starts_answers_moves_and_stops(tmp_path: Path) -> None:
    settings = small(tmp_path)
    assert not process.is_running(settings)
    sandbox = process.start(settings, NOW)
    try:
        ready = json.loads((tmp_path / "run" / "sandbox.json").read_text())
        assert ready == {"port": sandbox.port, "pid": sandbox.pid}
        assert process.is_running(settings)
        assert sandbox.move(datetime(2026, 12, 2, 1, 0, tzinfo=UTC))["now"] == "2026-12-02T01:00:00+00:00"
        assert sandbox.set_faults([{"kind": "zendesk_error_body"}])["faults"]
        with pytest.raises(StopEverything, match="unknown fault kind"):
            sandbox.set_faults([{"kind": "nonsense"}])
    finally:
        process.stop(sandbox)
    assert sandbox.child is not None and sandbox.child.returncode == 0
    assert not (tmp_path / "run" / "sandbox.json").exists()
    process.stop(sandbox)
    with pytest.raises(StopEverything, match=r"sandbox\.log"):
        sandbox.state()


def test_a_taken_port_is_said_in_one_sentence_with_the_log(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=rf"cannot listen on 127\.0\.0\.1:{port}.*sandbox\.log"):
            process.start(small(tmp_path), NOW, port=port)


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from datetime import datetime; from pathlib import Path\n"
        "from learning_warehouse.sandbox import process; from learning_warehouse.settings import Settings\n"
        "known = Settings(home=Path(sys.argv[1]), employees=60, accounts=60)\n"
        "print(process.start(known, datetime.fromisoformat('2026-12-01T01:00:00+00:00')).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert wait_until_gone(pid)


def test_a_stale_announcement_is_not_a_running_sandbox(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "sandbox.json").write_text('{"port": 9, "pid": 1}')
    assert process.running(tmp_path) is None


def test_answers_do_not_wait_for_nagle() -> None:
    with bind(0) as sock:
        assert sock.proto == socket.IPPROTO_TCP, "asyncio sets TCP_NODELAY only on sockets that name their protocol"


def test_the_throttle_runs_on_a_clock_faster_by_its_factor() -> None:
    moment = [0.0]
    throttle = Throttle(10, 60.0, 120.0, clock=lambda: moment[0])
    assert all(throttle.take().allowed for _ in range(10))
    refused = throttle.take()
    assert (refused.allowed, refused.retry_after_seconds, refused.remaining) == (False, 1, 0)
    moment[0] = 0.49
    assert not throttle.take().allowed
    moment[0] = 0.5
    assert throttle.take().allowed
