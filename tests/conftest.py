"""Shared fixtures: a storage root of its own, one small sandbox for the session, and a hostile HTTP server.

Everything is real: real files, real HTTP on 127.0.0.1. Nothing of ours is replaced.
"""

import json
import logging
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from byte_server import serve_bytes

from learning_warehouse import connections
from learning_warehouse.connections import Connection
from learning_warehouse.settings import REPOSITORY, Settings, reset_settings
from learning_warehouse.storage import Storage

FIRST_NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
PERSON_KEY = "a-fixed-key-so-that-hashes-repeat"
SMALL = {"seed": 1, "employees": 200, "accounts": 200}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home with a fixed person key, in force for one test."""
    monkeypatch.setenv("LW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LW_PERSON_KEY_SECRET", PERSON_KEY)
    for name in ("LW_COMPANY_FILE", "LW_DROP_FOLDER", "LW_EXPORT_FOLDER", "LW_KILL_AT", "LW_RUN_ID", "LW_STORAGE"):
        monkeypatch.delenv(name, raising=False)
    reset_settings()
    yield tmp_path / "home"
    connections.use(None)
    reset_settings()


@pytest.fixture
def stored(home: Path) -> Storage:
    """The storage of that home."""
    return Storage(home)


@dataclass
class Bucket:
    """An S3 server (moto) with a bucket. `manner` may answer in its place: (WSGI app, environ, start_response) -> body."""

    address: str = "s3://lw-tests"
    url: str = ""
    manner: Callable[[Any, Any, Any], Any] | None = None


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Bucket]:
    """One S3 server over HTTP, found by its AWS variables for the whole session."""
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    bucket, moto = Bucket(), DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, lambda *call: (bucket.manner or _as_it_is)(moto, *call), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    with pytest.MonkeyPatch.context() as patch:
        values = {"ENDPOINT_URL": bucket.url, "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}
        for name, value in values.items():
            patch.setenv(f"AWS_{name}", value)
        urllib.request.urlopen(urllib.request.Request(f"{bucket.url}/lw-tests", method="PUT")).close()
        yield bucket
    server.shutdown()


@pytest.fixture
def bucket(s3_server: Bucket, tmp_path: Path) -> Iterator[Bucket]:
    """That server with an empty folder of its own, behaving as S3 does."""
    yield Bucket(f"s3://lw-tests/{uuid.uuid4().hex}", s3_server.url)
    s3_server.manner = None


def _as_it_is(app: Any, environ: Any, start_response: Any) -> Any:
    return app(environ, start_response)


@pytest.fixture(scope="session")
def small_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One sandbox of a company of 200 people and 200 accounts for the whole session."""
    from learning_warehouse.sandbox import process

    started = process.start(Settings(home=tmp_path_factory.mktemp("sandbox"), **SMALL), FIRST_NIGHT)
    yield started
    process.stop(started)


@pytest.fixture(scope="session")
def small_company() -> Any:
    """The facts of the company that the session's sandbox shows."""
    from learning_warehouse.simulation.company import simulate

    return simulate(SMALL["seed"], employees=SMALL["employees"], accounts=SMALL["accounts"])


@pytest.fixture
def sandbox(small_sandbox: Any, home: Path) -> Iterator[Any]:
    """The session's sandbox on the first night, without faults, as the simulated sources of this test's home."""
    (home / "run").mkdir(parents=True, exist_ok=True)
    (home / "run" / "sandbox.json").write_text(json.dumps({"port": small_sandbox.port, "pid": small_sandbox.pid}))
    if datetime.fromisoformat(small_sandbox.state()["now"]) != FIRST_NIGHT:
        small_sandbox.move(FIRST_NIGHT)
    small_sandbox.set_faults([])
    yield small_sandbox
    small_sandbox.set_faults([])


@pytest.fixture
def every_vendor(sandbox: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """That sandbox for a company that has every vendor there is, also those that company.yml calls absent."""
    (home / "company.yml").write_text((REPOSITORY / "company.yml").read_text().replace(": absent", ": simulated"))
    monkeypatch.setenv("LW_COMPANY_FILE", str(home / "company.yml"))
    reset_settings()
    yield sandbox
    reset_settings()


def response(
    body: bytes | str, status: int = 200, headers: dict[str, str] | None = None, content_length: int | None = None
) -> bytes:
    """One whole HTTP response as bytes, JSON unless the headers say otherwise. content_length=-1 leaves the length out."""
    content = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": "application/json", **(headers or {})}
    if content_length != -1:
        lines["Content-Length"] = str(len(content) if content_length is None else content_length)
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Scripted\r\n{head}Connection: close\r\n\r\n".encode() + content


@dataclass
class HostileServer:
    """Answers with what `script` returns for (path with query, how many requests came before): bytes, or pieces with pauses."""

    url: str = ""
    script: Callable[[str, int], Any] = lambda path, number: response("{}")
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def connection(self, **extra: Any) -> Connection:
        """A connection to this server that waits very little between tries."""
        return Connection("hostile", self.url, "user", "hunter2-secret", {"first_wait_seconds": 0.01, **extra})


def serve(server: HostileServer) -> ThreadingHTTPServer:
    """Starts a server on a free port of 127.0.0.1."""

    def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Any:
        server.seen.append((target, {name.lower(): value for name, value in headers.items()}))
        return server.script(target, len(server.seen) - 1)

    httpd = serve_bytes(answer)
    server.url = f"http://127.0.0.1:{httpd.server_port}"
    return httpd


@pytest.fixture
def hostile() -> Iterator[HostileServer]:
    """A server that answers whatever the test wants, byte for byte."""
    server = HostileServer()
    httpd = serve(server)
    yield server
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def respond() -> Callable[..., bytes]:
    """`response` as a fixture, for tests that script the hostile server."""
    return response
