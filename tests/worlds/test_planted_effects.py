"""Two simulated companies of full size, estimated in one dbt run: a sample of what `lw truth` does with twenty."""

from pathlib import Path

import pytest

from learning_warehouse.truth import ROWS, TruthRow, planted_truths

SEEDS = 2


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[TruthRow]:
    folder: Path = tmp_path_factory.mktemp("worlds")
    return planted_truths(seeds=SEEDS, workdir=folder)


def test_every_effect_has_an_estimate_with_its_interval_in_every_company(rows: list[TruthRow]) -> None:
    assert [(row.truth_id, row.seed) for row in rows] == [(truth_id, seed) for truth_id in ROWS for seed in range(1, SEEDS + 1)]
    for row in rows:
        assert row.estimate is not None and row.ci_low is not None and row.ci_high is not None
        assert row.ci_low < row.estimate < row.ci_high


def test_the_published_intervals_hold_what_was_planted(rows: list[TruthRow]) -> None:
    missed = [(row.truth_id, row.seed) for row in rows if not row.covered]
    assert len(missed) <= 2, missed


@pytest.mark.parametrize(
    "truth_id", ["churn", "owner_churn", "handling_time", "turnover_learning", "first_value_path", "role_performance"]
)
def test_the_plain_comparison_misses_what_was_planted(rows: list[TruthRow], truth_id: str) -> None:
    assert [row.seed for row in rows if row.truth_id == truth_id and row.naive_covered] == []
