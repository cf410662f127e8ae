"""Known-truth worlds through the marts: intervals hold the truth, the plain comparison does not, and what is wrong is flagged.

A few companies of every world by default; LW_WORLDS=all asks for the 200 of `lw worlds`.
"""

import os
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from learning_warehouse.settings import reset_settings
from learning_warehouse.simulation.worlds import WORLDS
from learning_warehouse.world_verdicts import Verdict, acceptance_band, at_least, report, suite_problems, verdicts
from learning_warehouse.worlds import WorldRow, WorldRun, run_worlds

SEEDS = 200 if os.environ.get("LW_WORLDS") == "all" else 4
pytestmark = pytest.mark.worlds


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorldRun]:
    """Every world once, in a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LW_HOME", str(tmp_path_factory.mktemp("worlds")))
        reset_settings()
        yield run_worlds(seeds=SEEDS)
    reset_settings()


@pytest.fixture(scope="module")
def lines(run: WorldRun) -> dict[str, list[Verdict]]:
    """The verdicts by world."""
    return {name: [line for line in verdicts(run) if line.world == name] for name in WORLDS}


@pytest.mark.parametrize("world", WORLDS)
def test_a_world_is_answered_as_it_should_be(lines: dict[str, list[Verdict]], world: str) -> None:
    assert [line.question for line in lines[world]] == [question.name for question in WORLDS[world].questions]
    assert [(line.question, line.problems) for line in lines[world] if line.problems] == []


def test_nothing_is_proven_where_nothing_was_planted(run: WorldRun) -> None:
    assert suite_problems(run) == []
    unrandomized = [row for row in run.rows if not row.world.startswith("D")]
    assert [row for row in unrandomized if row.tier == "proven"] == []


def test_the_page_names_every_world_and_what_is_planted_in_it(run: WorldRun) -> None:
    page = report(run, SEEDS, "2026-11-22")
    for name, world in WORLDS.items():
        assert f"| {name} | {world.sentence} |" in page


def test_a_company_is_answered_the_same_in_a_later_batch(run: WorldRun) -> None:
    again = run_worlds(["D12"], seeds=1).rows
    assert again
    first = [row for row in run.rows if (row.world, row.seed) == ("D12", 1)]
    assert [to_nine_digits(row) for row in again] == [to_nine_digits(row) for row in first]


def to_nine_digits(row: WorldRow) -> list[object]:
    """Threads of DuckDB add in another order each time, so the last of a number's digits differ."""
    return [f"{value:.9g}" if isinstance(value, float) else value for value in astuple(row)]


@pytest.mark.parametrize("world", WORLDS)
def test_a_seed_gives_the_same_company_whenever_it_is_asked(world: str) -> None:
    once, again, other = (WORLDS[world].company(seed) for seed in (3, 3, 4))
    assert dict(once.truths) == dict(again.truths)
    differs = False
    for table, columns in once.tables.items():
        for name, values in columns.items():
            np.testing.assert_array_equal(np.asarray(values), np.asarray(again.tables[table][name]))
            differs = differs or list(values) != list(other.tables[table][name])
    assert differs


def test_worlds_have_numbers_of_their_own_so_that_no_two_share_their_chance() -> None:
    assert len({world.number for world in WORLDS.values()}) == len(WORLDS)


def test_the_acceptance_band_is_the_binomial_one() -> None:
    assert acceptance_band(200) == pytest.approx((0.895, 0.990))
    assert acceptance_band(400) == pytest.approx((0.910, 0.9825), abs=0.003)
    assert at_least(0.8, 200) == 0.8
    assert at_least(0.8, 10) < 0.5


def test_an_unknown_world_is_named_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="there is no world 'Z'"):
        run_worlds(["Z"], seeds=1)
