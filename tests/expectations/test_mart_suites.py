"""Every mart suite passes on good rows, and every expectation has been seen red on rows spoiled for it."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from good_marts import good_marts
from spoilers import SPOILERS

from expectations import SUITES
from expectations.shared import columns_read
from learning_warehouse.suite_runner import run_suite

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
GOOD = good_marts()
MART_SUITES = [name for name in SUITES if name.startswith("marts__")]


def reds(context, name: str, rows: pd.DataFrame, suite=None) -> dict[str, str]:
    result = run_suite(
        context,
        name,
        suite or SUITES[name](),
        rows,
        parameters={"filled_share": 1.0},
        run_name="night-2026-12-01",
        run_time=NIGHT,
    )
    return {check.name: check.severity for check in result.checks if not check.passed}


@pytest.mark.parametrize("name", MART_SUITES)
def test_good_rows_pass_the_whole_suite_of_a_mart(context, name):
    assert reds(context, name, GOOD[name]) == {}


@pytest.mark.parametrize("name", MART_SUITES)
def test_each_expectation_on_a_mart_goes_red_on_rows_spoiled_for_it(context, name):
    suite = SUITES[name]()
    for position, expectation in enumerate(suite):
        others = suite[:position] + suite[position + 1 :]
        spoiled = SPOILERS[expectation.expectation_type](GOOD[name], expectation, others)
        touched = {column for column in GOOD[name] if column not in spoiled or not spoiled[column].equals(GOOD[name][column])}
        may_follow = {other.meta["check"] for other in others if columns_read(other) & touched}
        bystanders = [other for other in others if other.meta["check"] not in may_follow][:2]
        red = reds(context, name, spoiled, [expectation, *bystanders])
        assert red == {expectation.meta["check"]: expectation.severity.value}, f"{name}: spoiled for {expectation.meta['check']}"


@pytest.mark.parametrize("name", MART_SUITES)
def test_names_of_checks_on_a_mart_are_unique_and_each_says_what_to_do(name):
    suite = SUITES[name]()
    assert len({expectation.meta["check"] for expectation in suite}) == len(suite)
    assert all(len(expectation.notes) == 3 and expectation.meta["touches"] for expectation in suite)


def test_a_rate_over_fewer_than_ten_and_four_people_are_refused(context):
    name = "marts__application_checkin_months"
    rows = GOOD[name].copy()
    rows.loc[0, ["manager_asked_denominator", "people_answering"]] = [9, 4]
    assert set(reds(context, name, rows)) == {"manager_asked_denominator_at_least_10_when_shown", "people_answering_at_least_5"}
