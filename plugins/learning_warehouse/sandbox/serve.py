"""Run the sandbox: `python -m learning_warehouse.sandbox.serve --port 0 --now 2026-12-01T01:00:00Z --home DIR`.

Simulates the company, binds 127.0.0.1, then writes `<home>/run/sandbox.json` ({"port", "pid"}) in one step and removes it at
the end. With --tls it also serves https through a CONNECT proxy, and the file holds "proxy_port" and "ca_file" too. SIGTERM
and SIGINT stop it with exit code 0; with --parent it also ends when that process is gone. Exit code 2 says that the arguments
or the port cannot be used.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.sandbox.authority import make_certificates
from learning_warehouse.sandbox.secure import NAMES, secured
from learning_warehouse.sandbox.server import Sandbox
from learning_warehouse.sandbox.throttle import DEFAULT_FACTOR

PARENT_CHECK_SECONDS = 0.5
Announce = Callable[[int, dict[str, Any]], None]
LARGE_BODY_TIMEOUT_SECONDS = 30


class SandboxServer(uvicorn.Server):
    """uvicorn without its signal handling, so that a stop by signal ends with exit code 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line, checked."""
    parser = argparse.ArgumentParser("python -m learning_warehouse.sandbox.serve", description="All vendors over real HTTP.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free port")
    parser.add_argument("--now", required=True, help="the sandbox's clock, ISO 8601 with offset")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--employees", type=int, default=1500)
    parser.add_argument("--accounts", type=int, default=2000)
    parser.add_argument("--home", type=Path, required=True, help="where run/sandbox.json is written")
    parser.add_argument("--rate-factor", type=float, default=DEFAULT_FACTOR, help="1 = the vendors' true rate limits, 0 = none")
    parser.add_argument("--tls", action="store_true", help="also serve https through a proxy, under a CA of its own")
    parser.add_argument("--parent", type=int, default=None, help="end when this process is no longer the parent")
    values = parser.parse_args(given)
    try:
        moment = datetime.fromisoformat(values.now)
    except ValueError:
        parser.error(f"--now {values.now!r} is not an ISO 8601 time")
    if moment.tzinfo is None:
        parser.error("--now needs an offset, e.g. 2026-12-01T01:00:00Z")
    values.now = moment.astimezone(UTC)
    return values


def bind(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1 without Nagle's wait (40 ms an answer). Raises OSError when the port is taken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(128)
    return sock


def server_for(sandbox: Sandbox, certificate: Path | None = None) -> SandboxServer:
    """A uvicorn server over the sandbox, in TLS if it has a certificate (PEM with key); run it with `serve(sockets=[...])`."""
    config = uvicorn.Config(
        sandbox.app(),
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_keep_alive=LARGE_BODY_TIMEOUT_SECONDS,
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
    )
    return SandboxServer(config)


def write_ready(home: Path, port: int, **more: Any) -> Path:
    """Write run/sandbox.json in one step and return its path; `more` are the proxy's port and CA file, with TLS."""
    path = home / "run" / "sandbox.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".sandbox.{os.getpid()}.json")
    draft.write_text(json.dumps({"port": port, "pid": os.getpid(), **more}))
    draft.replace(path)
    return path


async def _run(
    sandbox: Sandbox, sock: socket.socket, proxy: socket.socket | None, home: Path, parent: int | None, announce: Announce
) -> None:
    server, port = server_for(sandbox), sock.getsockname()[1]
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    async with contextlib.AsyncExitStack() as stack:
        more: dict[str, Any] = {}
        if proxy is not None:
            certificates = stack.enter_context(contextlib.closing(make_certificates(home / "run" / "tls", NAMES)))
            await stack.enter_async_context(secured(server_for(sandbox, certificates.server), proxy, port))
            more = {"proxy_port": proxy.getsockname()[1], "ca_file": str(certificates.ca)}
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        path = write_ready(home, port, **more)
        announce(port, more)
        while not serving.done():
            if parent is not None and os.getppid() != parent:
                server.should_exit = True
            await asyncio.wait([serving], timeout=PARENT_CHECK_SECONDS)
        with contextlib.suppress(OSError, ValueError):
            if json.loads(path.read_text())["pid"] == os.getpid():
                path.unlink()
        await serving


def serve_company(
    *,
    seed: int,
    employees: int,
    accounts: int,
    now: datetime,
    home: Path,
    port: int,
    factor: float,
    parent: int | None,
    tls: bool = False,
    announce: Announce = lambda port, more: None,
) -> None:
    """Simulate the company and serve it until a signal comes. Raises ConfigurationError when the port is taken.

    `announce` is called once with the port and, with TLS, {"proxy_port", "ca_file"} when clients can come.
    """
    from learning_warehouse.simulation.company import simulate

    try:
        sock = bind(port)
    except OSError as error:
        raise ConfigurationError(
            f"The sandbox cannot listen on 127.0.0.1:{port}: {error.strerror}.",
            what_to_do="Stop what uses it or choose another port.",
        ) from error
    ledger = simulate(seed, employees=employees, accounts=accounts)
    gc.collect()
    gc.freeze()
    asyncio.run(_run(Sandbox(ledger, now, factor), sock, bind(0) if tls else None, home, parent, announce))


def serve_in_foreground(port: int = 0, now: datetime | None = None, tls: bool = False) -> None:
    """Serve the company of the settings until Ctrl-C; a naive `now` is UTC, none is the next simulated night."""
    from learning_warehouse import simulated
    from learning_warehouse.settings import settings

    known = settings()
    moment = now or simulated.next_night(known.home)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    serve_company(
        seed=known.seed,
        employees=known.employees,
        accounts=known.accounts,
        now=moment,
        home=known.home,
        port=port,
        factor=DEFAULT_FACTOR,
        parent=None,
        tls=tls,
        announce=_announce,
    )


def _announce(port: int, more: dict[str, Any]) -> None:
    lines = [f"http      http://127.0.0.1:{port} (as HTTP_PROXY for the vendors' own hosts, or with a vendor's name as path)"]
    if more:
        proxy, ca_file = f"http://127.0.0.1:{more['proxy_port']}", more["ca_file"]
        lines += [f"https     proxy {proxy}, CA file {ca_file}"]
        lines += [f"NEXT      export HTTPS_PROXY={proxy} SSL_CERT_FILE={ca_file} REQUESTS_CA_BUNDLE={ca_file}"]
    sys.stdout.write("\n".join([*lines, "Stop: Ctrl-C", ""]))
    sys.stdout.flush()


def main(given: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    values = arguments(given)
    try:
        serve_company(
            seed=values.seed,
            employees=values.employees,
            accounts=values.accounts,
            now=values.now,
            home=values.home,
            port=values.port,
            factor=values.rate_factor,
            parent=values.parent,
            tls=values.tls,
        )
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
