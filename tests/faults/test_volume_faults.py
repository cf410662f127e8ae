"""Family F over every stream with its own limits: what is empty, shrunk, flooded, still or blank is refused or told.

A stream for which such a night is honest says so in its limits; it is listed here by the limits alone. What a sweep finds has
no usual volume, its own gate is tested in test_sweeps.py.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from expectations.thresholds import LIMITS
from learning_warehouse.gates import LoadFacts, evaluate
from learning_warehouse.sources import every_stream

NIGHT = datetime(2026, 12, 30, 1, tzinfo=UTC)
STREAMS = {f"{stream.source}__{stream.name}": stream for stream in every_stream() if stream.mode != "sweep"}
HISTORY = 30


def facts(mode: str, night: int, records: int, **more) -> LoadFacts:
    now = NIGHT + timedelta(days=night)
    values = {"typed": records, "set_aside": 0, "newest_event_at": now - timedelta(hours=3), "null_counts": {"a": 0, "b": 0}}
    return LoadFacts(mode=mode, now=now, records=records, **(values | more))


def history(mode: str) -> list[LoadFacts]:
    """Thirty nights: a list of 5,000 each night, or 5,000 at first and 100 changes a night."""
    return [facts(mode, -night, 5000 if mode == "snapshot" or night == HISTORY else 100) for night in range(HISTORY, 0, -1)]


def reds(name: str, load: LoadFacts, before: list[LoadFacts]) -> dict[str, str]:
    return {result.name: result.severity for result in evaluate(load, before, LIMITS[name]) if not result.passed}


@pytest.mark.parametrize("name", STREAMS)
def test_a_usual_night_of_every_stream_is_admitted_without_a_word(name):
    mode = STREAMS[name].mode
    usual = facts(mode, 0, 5000 if mode == "snapshot" else 100)
    assert reds(name, usual, history(mode)) == {}
    assert reds(name, facts(mode, 0, 5000), []) == {}


@pytest.mark.parametrize("name", STREAMS)
def test_every_stream_refuses_an_empty_list_or_says_that_one_is_honest(name):
    mode, empty = STREAMS[name].mode, {"typed": 0, "newest_event_at": None, "null_counts": {}}
    first = reds(name, facts(mode, 0, 0, **empty), [])
    assert first == ({"has_rows": "critical"} if LIMITS[name].first_minimum else {})
    if mode == "snapshot":
        assert reds(name, facts(mode, 0, 0, **empty), history(mode))["volume_band"] == "critical"
    else:
        assert reds(name, facts(mode, 0, 0, **empty), history(mode)).get("volume_band") == "warning"


def test_a_list_that_lost_two_of_five_rows_is_refused():
    lists = [name for name, stream in STREAMS.items() if stream.mode == "snapshot"]
    assert lists
    for name in lists:
        assert reds(name, facts("snapshot", 0, 3000), history("snapshot"))["volume_band"] == "critical"


@pytest.mark.parametrize("name", STREAMS)
def test_ten_times_a_list_is_refused_and_a_flood_of_changes_too(name):
    mode = STREAMS[name].mode
    assert reds(name, facts(mode, 0, 50_001 if mode == "snapshot" else 10_001), history(mode))["volume_band"] == "critical"
    if mode != "snapshot":
        assert reds(name, facts(mode, 0, 1_100), history(mode))["volume_band"] == "warning"


@pytest.mark.parametrize("name", STREAMS)
def test_a_source_that_stands_still_is_told_or_its_silence_is_said_to_be_normal(name):
    mode, limits = STREAMS[name].mode, LIMITS[name]
    before = history(mode)
    still = replace(before[-1], now=NIGHT + timedelta(days=400), newest_event_at=before[-1].newest_event_at)
    said = reds(name, still, before).get("freshness")
    expected = "critical" if limits.stale_critical is not None else "warning" if limits.stale_warning is not None else None
    assert said == expected


@pytest.mark.parametrize("name", STREAMS)
def test_a_column_that_went_blank_is_refused_in_every_stream(name):
    mode = STREAMS[name].mode
    records = 5000 if mode == "snapshot" else 100
    blank = facts(mode, 0, records, null_counts={"a": records, "b": 0})
    assert reds(name, blank, history(mode)) == {"blank_columns": "critical"}


def test_a_slow_drift_is_told_by_the_list_of_four_weeks_ago():
    name = next(name for name, stream in STREAMS.items() if stream.mode == "snapshot")
    sizes = {
        "shrinking": [int(5000 * 0.992**night) for night in range(40)],
        "growing": [int(5000 * 1.02**night) for night in range(40)],
    }
    for way, records in sizes.items():
        nights = [facts("snapshot", night, number) for night, number in enumerate(records)]
        said = [reds(name, load, nights[:position]).get("volume_band") for position, load in enumerate(nights) if position]
        assert said[:10] == [None] * 10, way
        assert said[-1] == "warning", way


def test_a_renamed_column_is_told_by_its_new_name_and_by_the_blanks_it_leaves():
    before = [facts("window", -night, 5000 if night == HISTORY else 100) for night in range(HISTORY, 0, -1)]
    renamed = facts("window", 0, 100, null_counts={"a": 100, "b": 0}, unknown_keys=frozenset({"a_new_name"}))
    assert reds("zendesk__tickets", renamed, before) == {"blank_columns": "critical", "new_keys": "warning"}


def test_new_keys_are_named_when_they_are_plain_words_and_else_only_counted():
    def said(*keys):
        load = facts("window", 0, 100, unknown_keys=frozenset(keys))
        (result,) = [each for each in evaluate(load, history("window"), LIMITS["zendesk__tickets"]) if each.name == "new_keys"]
        return result.sentence.removeprefix("keys came up that nobody declared: ")

    assert said("b", "a_new_name") == "a_new_name, b"
    assert said("ann@halden.example", "<b>", "4711", "x" * 60, "plain") == "plain, 4 others"
    assert said(*"abcdefghi") == "a, b, c, d, e, 4 others"
