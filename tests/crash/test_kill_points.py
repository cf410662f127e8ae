"""SIGKILL at twenty named points of a night without Airflow: the last generation stays served, the next run converges.

The company has 200 people. A killed night is the second one, so that a generation is served while it dies. After each kill
a normal run must publish marts that are row-hash equal to those of a night that nobody disturbed, but for the one mart
that counts loads: a night run twice has loaded twice, and says so. Each point is two whole nights, so only LW_CRASH=all runs
them; by default the system calls of test_every_system_call.py and a kill through Airflow stand for them.
"""

import os
import re
import signal
from pathlib import Path

import pytest
from killed_company import Company

from learning_warehouse import checkpoints
from learning_warehouse.checkpoints import KILL_POINTS, OPERATION_POINTS
from learning_warehouse.generations import row_hashes

LOOKS = ("estimate.before_look", "estimate.after_look")
SECOND_NIGHT = tuple(point for point in KILL_POINTS if point not in LOOKS)
ALL = os.environ.get("LW_CRASH") == "all"
AFTER_FLIP = "publish.flipped"
COUNTS_LOADS = "marts.governance_source_coverage"

pytestmark = [pytest.mark.crash, pytest.mark.slow]


if ALL:

    @pytest.fixture(scope="module")
    def undisturbed(copy_of):
        """Row hashes of a second night that nobody killed."""
        return copy_of().good_night()

    @pytest.mark.parametrize("point", SECOND_NIGHT)
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
