"""SIGKILL at twenty named points of a night without Airflow: the last generation stays served, the next run converges.

The company has 200 people. A killed night is the second one, so that a generation is served while it dies. After each kill
a normal run must publish marts that are row-hash equal to those of a night that nobody disturbed, but for the one mart
that counts loads: a night run twice has loaded twice, and says so. A sample runs by default, all points with LW_CRASH=all.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from learning_warehouse import checkpoints
from learning_warehouse.checkpoints import KILL_POINTS, OPERATION_POINTS
from learning_warehouse.generations import row_hashes

NIGHT = Path(__file__).with_name("night_without_airflow.py")
SAMPLE = ("build.after_layer:3", "publish.renamed")
LOOKS = ("estimate.before_look", "estimate.after_look")
SECOND_NIGHT = tuple(point for point in KILL_POINTS if point not in LOOKS)
ALL = os.environ.get("LW_CRASH") == "all"
AFTER_FLIP = "publish.flipped"
COUNTS_LOADS = "marts.governance_source_coverage"

pytestmark = [pytest.mark.crash, pytest.mark.slow]


class Company:
    """A home whose simulated sources are served by the session's sandbox."""

    def __init__(self, home: Path, sandbox) -> None:
        self.home = home
        (home / "run").mkdir(parents=True, exist_ok=True)
        (home / "run" / "sandbox.json").write_text(json.dumps({"port": sandbox.port, "pid": sandbox.pid}))

    def night(self, kill_at: str = "") -> subprocess.CompletedProcess:
        """Run the next simulated night in a process of its own."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LW_")}
        environment |= {
            "LW_HOME": str(self.home),
            "LW_EMPLOYEES": "200",
            "LW_ACCOUNTS": "200",
            "LW_PERSON_KEY_SECRET": "a fixed key for tests",
        }
        if kill_at:
            environment["LW_KILL_AT"] = kill_at
        return subprocess.run(
            [sys.executable, str(NIGHT)], env=environment, capture_output=True, text=True, timeout=900, check=False
        )

    def good_night(self) -> dict[str, str]:
        """Run a night that must end well; returns the row hashes of its marts."""
        ended = self.night()
        assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-4000:]
        return json.loads(ended.stdout.splitlines()[-1])

    def served(self) -> tuple[int, int]:
        """What a reader sees: the generation of the pages and that of the marts."""
        folder = self.home / "served"
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            marts = int(connection.execute("select generation from _generation").fetchone()[0])
            assert connection.execute("select count(*) from impact_customer_education").fetchone() != (0,)
        assert (folder / "site" / "index.html").is_file()
        return json.loads((folder / "manifest.json").read_text())["generation"], marts


@pytest.fixture(scope="module")
def after_first_night(tmp_path_factory, small_sandbox):
    """A company with one published generation, to be copied."""
    company = Company(tmp_path_factory.mktemp("crash") / "first", small_sandbox)
    company.good_night()
    return company


@pytest.fixture(scope="module")
def copy_of(after_first_night, tmp_path_factory, small_sandbox):
    def copy() -> Company:
        home = tmp_path_factory.mktemp("crash") / "home"
        shutil.copytree(after_first_night.home, home, symlinks=True)
        return Company(home, small_sandbox)

    return copy


@pytest.fixture(scope="module")
def undisturbed(copy_of):
    """Row hashes of a second night that nobody killed."""
    return copy_of().good_night()


@pytest.mark.parametrize("point", SECOND_NIGHT if ALL else SAMPLE)
def test_a_kill_leaves_the_last_generation_served_and_the_next_run_converges(point, copy_of, undisturbed):
    company = copy_of()
    killed = company.night(kill_at=point)
    assert killed.returncode == -signal.SIGKILL, f"{point} was not reached: {killed.stdout[-1500:]}{killed.stderr[-1500:]}"
    assert company.served() == ((2, 2) if point == AFTER_FLIP else (1, 1))
    healed = company.good_night()
    assert {name for name in undisturbed | healed if undisturbed.get(name) != healed.get(name)} <= {COUNTS_LOADS}
    assert company.served()[0] == company.served()[1]
    leftovers = [
        path.name for path in (company.home / "generations").iterdir() if path.name.startswith((".building", ".dropped"))
    ]
    assert leftovers == []


if ALL:

    @pytest.mark.parametrize("point", LOOKS)
    def test_a_kill_while_a_look_is_kept_leaves_one_look_and_the_first_night_converges(
        point, after_first_night, tmp_path_factory, small_sandbox
    ):
        company = Company(tmp_path_factory.mktemp("crash") / "home", small_sandbox)
        killed = company.night(kill_at=point)
        assert killed.returncode == -signal.SIGKILL, f"{point} was not reached: {killed.stdout[-1500:]}{killed.stderr[-1500:]}"
        assert not (company.home / "served").exists()
        healed, undisturbed_first = company.good_night(), row_hashes(after_first_night.home / "served")
        assert {name for name in undisturbed_first | healed if undisturbed_first.get(name) != healed.get(name)} <= {COUNTS_LOADS}
        assert sorted(path.name for path in (company.home / "estimates").rglob("*") if path.is_file()) == sorted(
            path.name for path in (after_first_night.home / "estimates").rglob("*") if path.is_file()
        )


def test_every_point_that_the_code_reaches_can_be_asked_for_a_kill():
    package = Path(checkpoints.__file__).parent
    reached = {name for path in package.rglob("*.py") for name in re.findall(r'\breach\("([a-z_.]+)"\)', path.read_text())}
    assert reached == {*KILL_POINTS, *OPERATION_POINTS}


def test_there_are_at_least_twenty_kill_points_over_all_steps():
    assert len(KILL_POINTS) >= 20
    assert {point.partition(".")[0] for point in KILL_POINTS} == {
        "land",
        "type",
        "audit",
        "admit",
        "build",
        "estimate",
        "publish",
    }
    assert {point.partition(":")[0] for point in SAMPLE} <= set(KILL_POINTS)
