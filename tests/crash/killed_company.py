"""A company of 200 people whose nights, or single steps of them, run in processes of their own that a test may kill."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

NIGHT = Path(__file__).with_name("night_without_airflow.py")


class Company:
    """A home whose simulated sources are served by the session's sandbox."""

    def __init__(self, home: Path, sandbox: Any) -> None:
        self.home = home
        (home / "run").mkdir(parents=True, exist_ok=True)
        (home / "run" / "sandbox.json").write_text(json.dumps({"port": sandbox.port, "pid": sandbox.pid}))

    def night(self, *steps: str, kill_at: str = "") -> "subprocess.CompletedProcess[str]":
        """Run the next simulated night, or only the named steps of it."""
        command, environment = [sys.executable, str(NIGHT), *steps], self._environment(kill_at)
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=3600, check=False)

    def good_night(self, *steps: str) -> dict[str, str]:
        """Run a night that must end well; returns the row hashes of its marts."""
        ended = self.night(*steps)
        assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-4000:]
        hashes: dict[str, str] = json.loads(ended.stdout.splitlines()[-1])
        return hashes

    def start(self, *steps: str) -> "subprocess.Popen[bytes]":
        """Start steps of a night as a process group of their own; nobody reads what they say."""
        command = [sys.executable, str(NIGHT), *steps]
        return subprocess.Popen(
            command, env=self._environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def seconds(self, *steps: str) -> float:
        """How long steps take that nobody disturbs."""
        started = time.monotonic()
        self.good_night(*steps)
        return time.monotonic() - started

    def served(self) -> tuple[int, int]:
        """What a reader sees: the generation of the pages and that of the marts."""
        folder = self.home / "served"
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            marts = int(connection.execute("select generation from _generation").fetchall()[0][0])
            assert connection.execute("select count(*) from impact_customer_education").fetchone() != (0,)
        assert (folder / "site" / "index.html").is_file()
        return json.loads((folder / "manifest.json").read_text())["generation"], marts

    def _environment(self, kill_at: str = "") -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LW_")}
        environment |= {
            "LW_HOME": str(self.home),
            "LW_EMPLOYEES": "200",
            "LW_ACCOUNTS": "200",
            "LW_PERSON_KEY_SECRET": "a fixed key for tests",
        }
        return environment | ({"LW_KILL_AT": kill_at} if kill_at else {})
