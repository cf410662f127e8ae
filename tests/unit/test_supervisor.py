"""The supervisor: a taken port is named, what dies comes back, and nothing is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

from learning_warehouse import supervisor
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.settings import Settings


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_names_its_holder_and_offers_another(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(ConfigurationError, match=rf"Port {port} is taken by pid {os.getpid()} .*lw up --port \d+") as told:
            supervisor.up(port=port, known=Settings(home=tmp_path))
    assert told.value.exit_code == 2
    assert not (tmp_path / "run" / "supervisor.json").exists()


def test_stopping_nothing_is_harmless(tmp_path):
    assert supervisor.down(Settings(home=tmp_path)) == []


def test_a_process_that_only_got_the_same_id_is_left_alone(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        try:
            (tmp_path / "run").mkdir()
            recorded = {"port": 1, "pids": {"supervisor": stranger.pid}, "started": {"supervisor": time.time() - 9999}}
            (tmp_path / "run" / "supervisor.json").write_text(json.dumps(recorded))
            assert supervisor.state(Settings(home=tmp_path)) is None
            assert supervisor.down(Settings(home=tmp_path)) == []
            assert stranger.poll() is None
        finally:
            stranger.kill()


PARENT = """
import subprocess, sys
from learning_warehouse.supervisor import die_with_parent
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
child = subprocess.Popen(sleep, start_new_session=True, preexec_fn=die_with_parent)
print(child.pid, flush=True)
child.wait()
"""


def test_a_part_dies_with_a_supervisor_that_is_killed(tmp_path):
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        part = psutil.Process(int(parent.stdout.readline()))
        assert part.is_running()
        parent.kill()
        _, alive = psutil.wait_procs([part], timeout=20)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A whole installation on a free port; stopped at the end whatever happens."""
    known = Settings(home=tmp_path_factory.mktemp("up"), employees=60, accounts=60)
    told: list[str] = []
    try:
        yield supervisor.up(port=_free_port(), on_event=told.append, known=known), known, told
    finally:
        supervisor.down(known)


def _get(url: str, token: str | None = None, body: object = None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _token(installation) -> str:
    return json.loads(
        _get(f"{installation.url}/auth/token", body={"username": installation.user, "password": installation.password})[1]
    )["access_token"]


def _until(what, seconds: float = 120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.5)
    raise AssertionError("it did not happen in time")


@pytest.mark.slow
def test_up_returns_when_every_part_is_healthy(running):
    installation, known, told = running
    assert {"scheduler is healthy", "dag-processor is healthy"} <= set(told)
    assert set(installation.pids) == {"supervisor", "sandbox", "api-server", "scheduler", "dag-processor"}
    assert supervisor.up(known=known).url == installation.url, "a second up finds the first"


@pytest.mark.slow
def test_every_server_listens_on_this_machine_only(running):
    installation, _, _ = running
    family = [psutil.Process(pid) for pid in installation.pids.values()]
    family += [child for process in family for child in process.children(recursive=True)]
    listening = {
        connection.laddr.ip
        for process in family
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


@pytest.mark.slow
def test_the_password_and_the_keys_are_readable_by_the_owner_only(running):
    _, known, _ = running
    for path in (known.home / "secrets").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    assert (known.home / "airflow").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_all_dags_are_there_and_wait_for_their_time(running):
    installation, _, _ = running
    token = _token(installation)

    def all_seven():
        dags = json.loads(_get(f"{installation.url}/api/v2/dags", token)[1])["dags"]
        return dags if len(dags) == 7 else None

    assert not any(dag["is_paused"] for dag in _until(all_seven))
    assert json.loads(_get(f"{installation.url}/api/v2/importErrors", token)[1])["total_entries"] == 0
    assert json.loads(_get(f"{installation.url}/api/v2/plugins/importErrors", token)[1])["total_entries"] == 0
    assert json.loads(_get(f"{installation.url}/api/v2/dags/~/dagRuns", token)[1])["total_entries"] == 0


@pytest.mark.slow
def test_pages_ask_for_a_login_and_never_list_files(running):
    installation, known, _ = running
    site = known.home / "generations" / "000001" / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<h1>the front page</h1>")
    (known.home / "served").symlink_to("generations/000001")
    page = f"{installation.url}/learning_warehouse/site/index.html"
    assert _get(page)[0] == 401
    assert _get(page, "not-a-token")[0] in (401, 403)
    token = _token(installation)
    assert _get(page, token) == (200, "<h1>the front page</h1>")
    assert _get(f"{installation.url}/learning_warehouse/site/../../../secrets/person_key", token)[0] == 404
    assert _get(f"{installation.url}/learning_warehouse/site/%2e%2e/%2e%2e/manifest.json", token)[0] == 404


@pytest.mark.slow
def test_a_dag_triggered_by_hand_turns_green(running):
    installation, _, _ = running
    token = _token(installation)
    status, answer = _get(f"{installation.url}/api/v2/dags/ingest_signals/dagRuns", token, {"logical_date": None})
    assert status == 200, answer
    run = json.loads(answer)["dag_run_id"]

    def ended():
        state = json.loads(_get(f"{installation.url}/api/v2/dags/ingest_signals/dagRuns/{run}", token)[1])["state"]
        return state if state in ("success", "failed") else None

    assert _until(ended, 900) == "success"


@pytest.mark.slow
def test_a_part_that_dies_comes_back(running):
    _, known, _ = running
    old = supervisor.state(known)["pids"]["dag-processor"]
    os.kill(old, signal.SIGKILL)
    new = _until(lambda: (pid := supervisor.state(known)["pids"]["dag-processor"]) != old and pid)
    assert psutil.pid_exists(new)


def _family(known: Settings) -> list[psutil.Process]:
    family = [psutil.Process(pid) for pid in supervisor.state(known)["pids"].values()]
    return family + [child for process in family for child in process.children(recursive=True)]


def _left_of(family: list[psutil.Process]) -> list[str]:
    _, alive = psutil.wait_procs(family, timeout=20)
    return [" ".join(process.cmdline()) for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.slow
def test_a_killed_supervisor_takes_everything_with_it_and_up_starts_anew(running):
    installation, known, _ = running
    family = _family(known)
    os.kill(supervisor.state(known)["pids"]["supervisor"], signal.SIGKILL)
    assert _left_of(family) == []
    assert supervisor.state(known) is None
    again = supervisor.up(port=_free_port(), known=known)
    assert not set(again.pids.values()) & {process.pid for process in family}
    assert _get(f"{again.url}/api/v2/dags/ingest_signals", _token(again))[0] == 200
    assert (again.user, again.password) == (installation.user, installation.password)


@pytest.mark.slow
def test_down_leaves_no_process_behind(running):
    _, known, _ = running
    family = _family(known)
    assert len(family) > 5
    stopped = supervisor.down(known)
    assert {"supervisor", "sandbox", "api-server", "scheduler", "dag-processor"} == set(stopped)
    assert _left_of(family) == []
    assert not (known.home / "run" / "supervisor.json").exists()
