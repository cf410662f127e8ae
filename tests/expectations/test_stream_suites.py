"""Every suite passes on a good batch, and every expectation has been seen red on a batch spoiled for it."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from good_batches import good_batches
from spoilers import SPOILERS

from expectations import SUITES
from expectations.shared import columns_read, for_size
from expectations.thresholds import LIMITS
from learning_warehouse.sources import every_stream
from learning_warehouse.suite_runner import SuiteResult, needed_columns, run_suite

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
GOOD = good_batches()
STREAM_SUITES = {name: suite for name, suite in SUITES.items() if not name.startswith("marts__")}


def run(context, name, frame) -> SuiteResult:
    return run_suite(
        context, name, SUITES[name](), frame, parameters={"filled_share": 1.0}, run_name="load-00000001", run_time=NIGHT
    )


def reds(result: SuiteResult) -> dict[str, str]:
    return {check.name: check.severity for check in result.checks if not check.passed}


@pytest.mark.parametrize("name", STREAM_SUITES)
def test_a_good_batch_passes_its_whole_suite(context, name):
    result = run(context, name, GOOD[name])
    assert reds(result) == {}
    assert len(result.checks) == len(SUITES[name]())


@pytest.mark.parametrize("name", STREAM_SUITES)
def test_each_expectation_goes_red_on_a_batch_spoiled_for_it_and_no_other_does(context, name):
    suite = SUITES[name]()
    for position, expectation in enumerate(suite):
        others = suite[:position] + suite[position + 1 :]
        spoil = SPOILERS[expectation.expectation_type]
        spoiled = spoil(GOOD[name], expectation, others)
        gone = set(GOOD[name].columns) - set(spoiled.columns)
        broken_with_it = {other.meta["check"] for other in others if columns_read(other) & gone}
        red = reds(run(context, name, spoiled))
        assert set(red) == {expectation.meta["check"]} | broken_with_it, f"{name}: spoiled for {expectation.meta['check']}"
        assert red[expectation.meta["check"]] == expectation.severity.value


@pytest.mark.parametrize("name", STREAM_SUITES)
def test_every_expectation_says_what_it_means_what_it_touches_and_what_to_do(context, name):
    suite = SUITES[name]()
    names = [expectation.meta["check"] for expectation in suite]
    assert len(names) == len(set(names)), "two checks of one name"
    for expectation in suite:
        assert len(expectation.notes) == 3 and all(len(note) > 8 for note in expectation.notes)
        assert expectation.meta["touches"] and expectation.meta["red"]
        assert expectation.severity.value in ("critical", "warning")


def test_every_declared_stream_has_a_suite_and_limits_for_its_gates():
    declared = {f"{stream.source}__{stream.name}" for stream in every_stream()}
    assert declared == set(STREAM_SUITES) == set(LIMITS)


@pytest.mark.parametrize("stream", every_stream(), ids=lambda stream: stream.full_name)
def test_a_suite_asks_only_for_columns_that_typing_writes(stream):
    typed = set(stream.typed_columns()) | {"_file", "_line"}
    assert set(needed_columns(SUITES[f"{stream.source}__{stream.name}"]())) <= typed


@pytest.mark.parametrize("stream", [stream for stream in every_stream() if stream.source == "drops"], ids=lambda s: s.full_name)
def test_a_closed_word_list_of_a_declaration_is_asked_by_its_suite(stream):
    suite = SUITES[f"drops__{stream.name}"]()
    asked = {item.column: tuple(item.value_set) for item in suite if item.expectation_type == "expect_column_values_to_be_in_set"}
    assert asked == {column.name: column.values for column in stream.columns if column.values}


def test_a_column_that_is_gone_is_critical_even_where_its_check_is_a_warning(context):
    result = run(context, "zendesk__satisfaction_ratings", GOOD["zendesk__satisfaction_ratings"].drop(columns=["score"]))
    red = reds(result)
    assert red["score_known"] == "critical" and red["columns_present"] == "critical"


def test_one_bad_record_in_a_small_load_is_tolerated_and_two_are_not(context):
    from learning_warehouse.gates import filled_share

    name, good = "zendesk__satisfaction_ratings", GOOD["zendesk__satisfaction_ratings"]
    parameters = {"filled_share": filled_share(len(good), LIMITS[name])}
    for bad, red in ((1, False), (2, True)):
        spoiled = good.copy()
        spoiled.loc[list(range(bad)), "ticket_id"] = None
        result = run_suite(
            context, name, SUITES[name](), spoiled, parameters=parameters, run_name="load-00000001", run_time=NIGHT
        )
        assert ("ticket_id_filled" in reds(result)) is red


def test_results_hold_no_value_of_a_record(context):
    spoiled = GOOD["absorb__users"].copy()
    spoiled["email_address_key"] = "someone@halden.example"
    document = run(context, "absorb__users", spoiled).document
    assert "halden.example" not in str(document) and not document["success"]


def test_a_usual_share_leaves_room_for_chance_in_a_small_load_and_none_in_a_large_one(context):
    name, good = "zendesk__satisfaction_ratings", GOOD["zendesk__satisfaction_ratings"].copy()
    good.loc[list(range(5)), "score"] = "offered"
    for copies, is_red in ((1, False), (50, True)):
        rows = (
            pd.concat([good] * copies, ignore_index=True)
            .drop(columns=["id"])
            .assign(id=[f"r{number}" for number in range(20 * copies)])
        )
        suite = for_size(SUITES[name](), len(rows))
        result = run_suite(context, name, suite, rows, parameters={"filled_share": 1.0}, run_name="load-00000001", run_time=NIGHT)
        assert ("score_rarely_offered_unoffered" in reds(result)) is is_red
