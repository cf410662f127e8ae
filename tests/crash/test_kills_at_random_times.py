"""dbt and Great Expectations killed at ten random times each, and a disk that fills up while dbt builds: `make crash` only.

A second night of 200 people is landed; its audit, or its build, is killed after a random share of the time that it takes.
The generation before stays served, nothing of the process lives on, and the next run ends where an undisturbed one ends.
"""

import json
import os
import random
import signal
import subprocess
import time

import psutil
import pytest
from killed_company import Company

ALL = os.environ.get("LW_CRASH") == "all"
DRAW = random.Random(4)
SHARES = [round(DRAW.uniform(0.1, 0.95), 2) for _ in range(10)]
pytestmark = [pytest.mark.crash, pytest.mark.slow]

if ALL:

    @pytest.fixture(scope="module")
    def landed(copy_of) -> Company:
        """A second night whose loads are typed and not judged."""
        company = copy_of()
        company.good_night("land")
        return company

    @pytest.fixture(scope="module")
    def judged(copy_of, landed) -> tuple[Company, float]:
        """The same after its audit, and how long that took."""
        company = copy_of(landed)
        return company, company.seconds("audit")

    @pytest.fixture(scope="module")
    def built(copy_of, judged) -> tuple[dict[str, str], float]:
        """What a build nobody disturbed gives, and how long it took."""
        company, started = copy_of(judged[0]), time.monotonic()
        return company.good_night("build"), time.monotonic() - started

    @pytest.mark.parametrize("share", SHARES)
    def test_an_audit_killed_at_any_time_is_ended_by_the_next(share, copy_of, landed, judged):
        company, (expected, seconds) = copy_of(landed), judged
        _killed(company, "audit", share * seconds)
        assert company.served() == (1, 1)
        company.good_night("audit")
        assert _verdicts(company) == _verdicts(expected)
        assert len(_verdicts(company)) > 50
        assert _admitted(company) == _admitted(expected)

    @pytest.mark.parametrize("share", SHARES)
    def test_a_build_killed_at_any_time_is_ended_by_the_next(share, copy_of, judged, built):
        company, (expected, seconds) = copy_of(judged[0]), built
        _killed(company, "build", share * seconds)
        assert company.served() == (1, 1)
        assert company.good_night("build") == expected

    @pytest.mark.parametrize(("error", "share"), [("ENOSPC", 0.4), ("EIO", 0.7)])
    def test_a_disk_that_breaks_while_dbt_builds_fails_the_build_and_the_next_one_succeeds(
        error, share, copy_of, judged, built, tmp_path
    ):
        company, (expected, seconds) = copy_of(judged[0]), built
        running, file = company.start("build"), company.home / "working" / "warehouse.duckdb"
        time.sleep(share * seconds)
        command = [
            "strace",
            "-f",
            "-q",
            "-o",
            str(tmp_path / "calls"),
            "-p",
            str(running.pid),
            "-P",
            str(file),
            "-P",
            f"{file}.wal",
        ]
        breaking = subprocess.Popen([*command, "-e", f"inject=write,pwrite64,fsync,ftruncate:error={error}"])
        assert running.wait(timeout=3600) != 0
        breaking.wait(timeout=60)
        assert "(INJECTED)" in (tmp_path / "calls").read_text()
        assert company.served() == (1, 1)
        assert company.good_night("build") == expected


def _killed(company: Company, step: str, seconds: float) -> None:
    """Kills a step after some seconds; nothing of its process group is left."""
    running = company.start(step)
    time.sleep(seconds)
    children = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL, "it had ended before"
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def _verdicts(company: Company) -> dict[str, str]:
    """Every verdict without the run that gave it."""
    files = sorted((company.home / "raw").rglob("_verdicts/*.json"))
    return {str(path.relative_to(company.home)): _without_run(path.read_text()) for path in files}


def _without_run(text: str) -> str:
    return json.dumps({name: value for name, value in json.loads(text).items() if name != "run_id"}, sort_keys=True)


def _admitted(company: Company) -> dict[str, int]:
    return {str(path.relative_to(company.home)): path.stat().st_size for path in (company.home / "admitted").rglob("*.parquet")}
