"""Comparing planted effects with marts: what counts as covered, and how many companies must be."""

from pathlib import Path

import duckdb
import pytest

from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.simulation.ledger import Ledger, Truth
from learning_warehouse.truth import COLUMNS as READ
from learning_warehouse.truth import EFFECT, ROWS, TruthRow, acceptance, truth_of_generation

COLUMNS = "naive_estimate, naive_ci_low, naive_ci_high, estimate, ci_low, ci_high"


NAMES = {
    "outcome": "'any'",
    "is_headline": "true",
    "quantity": "'interaction'",
    "study_id": "'first_value_path'",
    "policy_id": "'hours-quota'",
    "change_kind": "'removed'",
    "kpi_code": "'audit_score'",
    "role_title": "'Support Agent'",
}
OUTCOMES = {
    "impact_customer_education": "unnest(['churn', 'how_to_tickets'])",
    "application_coaching_and_practice": "'work_quality'",
}


def _warehouse(folder: Path, values: str) -> Path:
    """A warehouse in which every mart that answers says the same six numbers."""
    file = folder / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        for mart in sorted({mart for mart, _ in ROWS.values()}):
            names = NAMES | {"outcome": OUTCOMES.get(mart, NAMES["outcome"])}
            columns = [name for name in READ.get(mart, EFFECT).split(", ") if name != "null"]
            numbers = columns if len(columns) == 6 else COLUMNS.split(", ")
            connection.execute(
                f"create table marts.{mart} as select 'halden' as company_id, "
                f"{', '.join(f'{value} as {name}' for name, value in names.items())}, "
                f"columns(*)::double from (values ({values})) as t ({', '.join(numbers)})"
            )
    return file


def _ledger(*truths: Truth) -> Ledger:
    from datetime import UTC, datetime

    moment = datetime(2026, 12, 1, 1, tzinfo=UTC)
    return Ledger("halden", "Halden", 7, moment, moment, moment, truths=list(truths))


def _row(covered: bool) -> TruthRow:
    return TruthRow("churn", 1, 0.66, 0.2, 0.7, 0.5, 0.9, covered=covered, naive_covered=False)


def test_a_truth_inside_our_interval_and_outside_the_plain_one_is_covered_and_the_plain_one_is_not(tmp_path: Path) -> None:
    warehouse = _warehouse(tmp_path, "0.2, 0.1, 0.3, 0.7, 0.5, 0.9")
    rows = truth_of_generation(warehouse, _ledger(Truth("churn", "", "rate_ratio", 0.66, True)))
    assert rows == [TruthRow("churn", 7, 0.66, 0.2, 0.7, 0.5, 0.9, covered=True, naive_covered=False)]


def test_every_effect_that_has_an_answer_is_compared(tmp_path: Path) -> None:
    warehouse = _warehouse(tmp_path, "0.2, 0.1, 0.3, 0.7, 0.5, 0.9")
    truths = [Truth(truth_id, "", "", 0.2, True) for truth_id in ROWS]
    assert [(row.truth_id, row.covered, row.naive_covered) for row in truth_of_generation(warehouse, _ledger(*truths))] == [
        (truth_id, False, ROWS[truth_id][0] != "application_coaching_and_practice") for truth_id in ROWS
    ]


def test_a_withheld_estimate_covers_nothing(tmp_path: Path) -> None:
    nothing = ", ".join(["null::double"] * 6)
    rows = truth_of_generation(_warehouse(tmp_path, nothing), _ledger(Truth("pilot", "", "share", 0.09, False)))
    assert [(row.estimate, row.covered, row.naive_covered) for row in rows] == [(None, False, False)]


def test_an_effect_no_mart_answers_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LearningWarehouseError, match="no mart answers"):
        truth_of_generation(_warehouse(tmp_path, "1, 1, 1, 1, 1, 1"), _ledger(Truth("weather", "", "", 1.0, False)))


def test_seventeen_of_twenty_intervals_must_hold_the_truth() -> None:
    good = acceptance([_row(covered=number < 17) for number in range(20)])
    bad = acceptance([_row(covered=number < 16) for number in range(20)])
    assert [(line.covered, line.needed, line.passed) for line in (*good, *bad)] == [(17, 17, True), (16, 17, False)]
