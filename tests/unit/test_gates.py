"""The gates see what a suite cannot: loads that are empty, stale, blank, far too small or too large."""

from datetime import UTC, datetime, timedelta

import pytest

from expectations.thresholds import LIMITS, Limits
from learning_warehouse.gates import GATES, GateResult, LoadFacts, evaluate, filled_share, tolerated_set_aside

NIGHT = datetime(2026, 12, 10, 1, tzinfo=UTC)
LIMITS_OF_TEST = Limits("ticket figures", first_minimum=1, stale_warning=4, stale_critical=14)


def load(mode: str = "window", night: int = 0, records: int = 1000, set_aside: int = 0, **facts) -> LoadFacts:
    now = NIGHT + timedelta(days=night)
    facts = {"typed": records - set_aside, "newest_event_at": now - timedelta(hours=2), **facts}
    return LoadFacts(mode=mode, now=now, records=records, set_aside=set_aside, **facts)


def judged(gate: str, this: LoadFacts, history=(), limits: Limits = LIMITS_OF_TEST) -> GateResult | None:
    return next((result for result in evaluate(this, list(history), limits) if result.name == gate), None)


def said(gate: str, this: LoadFacts, history=(), limits: Limits = LIMITS_OF_TEST) -> str | None:
    result = judged(gate, this, history, limits)
    return None if result is None else "passed" if result.passed else result.severity


NIGHTS = [load(night=-8, records=50_000), *(load(night=-night, records=100) for night in range(7, 0, -1))]
LISTS = [load("snapshot", night=-1, records=1500)]
FULL = {"null_counts": {"owner": 5, "closed_at": 100}, "records": 1000}
DELTA = {"null_counts": {"owner": 1, "closed_at": 140}, "records": 150}
FIRST_AND_DELTAS = [load(night=-3, **FULL), load(night=-2, **DELTA), load(night=-1, **DELTA)]


@pytest.mark.parametrize(
    ("gate", "this", "history", "expected"),
    [
        ("every_record_counted", load(), [], "passed"),
        ("every_record_counted", load(records=1000, typed=990), [], "critical"),
        ("set_aside_share", load(records=10_000, set_aside=10), [], "passed"),
        ("set_aside_share", load(records=10_000, set_aside=11), [], "critical"),
        ("set_aside_share", load(records=20, set_aside=1), [], "passed"),
        ("set_aside_share", load(records=20, set_aside=2), [], "critical"),
        ("set_aside_share", load(records=0), [], None),
        ("has_rows", load(records=0), [], "critical"),
        ("has_rows", load(records=1), [], "passed"),
        ("has_rows", load(records=0), NIGHTS, None),
        ("has_rows", load("snapshot", records=0), LISTS, "critical"),
        ("volume_band", load("snapshot", records=1497), LISTS, "passed"),
        ("volume_band", load("snapshot", records=1480), LISTS, "warning"),
        ("volume_band", load("snapshot", records=1400), LISTS, "critical"),
        ("volume_band", load("snapshot", records=3000), LISTS, "warning"),
        ("volume_band", load("snapshot", records=16_000), LISTS, "critical"),
        ("volume_band", load("snapshot", records=3000, keys=1500), LISTS, "passed"),
        ("volume_band", load("snapshot", records=1500, keys=750), LISTS, "critical"),
        ("volume_band", load("snapshot", records=1500), [load("snapshot", -1, records=3000, keys=1500)], "passed"),
        ("volume_band", load("snapshot", records=1500, set_aside=90, keys=1410), LISTS, "passed"),
        ("volume_band", load(records=900), NIGHTS, "passed"),
        ("volume_band", load(records=5_000), NIGHTS, "warning"),
        ("volume_band", load(records=50_000), NIGHTS, "critical"),
        ("volume_band", load(records=0), NIGHTS, "warning"),
        ("volume_band", load(night=13, records=1300), NIGHTS, "passed"),
        ("volume_band", load(records=40_000), NIGHTS[:1], "warning"),
        ("volume_band", load(records=900), NIGHTS[:1], "passed"),
        ("volume_band", load(), [], None),
        ("vendor_total", load(records=1000, vendor_total=1005), [], "passed"),
        ("vendor_total", load(records=1000, vendor_total=1010), [], "critical"),
        ("vendor_total", load(records=1000, vendor_total=900), [], "warning"),
        ("vendor_total", load(), [], None),
        ("loaded_total", load(counted=1000, held=995), [], "passed"),
        ("loaded_total", load(counted=1000, held=994), [], "critical"),
        ("loaded_total", load(counted=1000, held=994), NIGHTS, "warning"),
        ("loaded_total", load(counted=1000, held=1100), [], "warning"),
        ("loaded_total", load(counted=1000), [], None),
        ("loaded_total", load(held=1000), [], None),
        ("shrink_guard", load(swept={"a": {"known": 1000, "gone": 50, "back": 0}}), [], "passed"),
        ("shrink_guard", load(swept={"a": {"known": 1000, "gone": 51, "back": 0}}), [], "critical"),
        ("shrink_guard", load(swept={"a": {"known": 10, "gone": 5, "back": 9}}), [], "passed"),
        ("shrink_guard", load(swept={"a": {"known": 10, "gone": 6, "back": 0}}), [], "critical"),
        ("shrink_guard", load(), [], None),
        ("freshness", load(), [], "passed"),
        ("freshness", load(newest_event_at=NIGHT - timedelta(days=5)), [], "warning"),
        ("freshness", load(newest_event_at=NIGHT - timedelta(days=15)), [], "critical"),
        ("freshness", load(records=0, newest_event_at=None), [load(night=-1)], "passed"),
        ("freshness", load(newest_event_at=None), [], None),
        ("no_future", load(newest_event_at=NIGHT + timedelta(hours=3)), [], "passed"),
        ("no_future", load(newest_event_at=NIGHT + timedelta(days=300)), [], "warning"),
        ("blank_columns", load(null_counts={"owner": 1000}), FIRST_AND_DELTAS, "critical"),
        ("blank_columns", load(null_counts={"closed_at": 1000}), FIRST_AND_DELTAS, "passed"),
        ("blank_columns", load(null_counts={"owner": 500}), FIRST_AND_DELTAS, "warning"),
        ("blank_columns", load(null_counts={"owner": 500}), FIRST_AND_DELTAS[:1], "passed"),
        ("blank_columns", load("snapshot", null_counts={"owner": 500}), [load("snapshot", -1, **FULL)], "warning"),
        ("blank_columns", load(null_counts={"owner": 30}), FIRST_AND_DELTAS, "passed"),
        ("blank_columns", load(records=10, null_counts={"owner": 10}), FIRST_AND_DELTAS, None),
        ("blank_columns", load(null_counts={"owner": 1000}), [], None),
        ("blank_columns", load(null_counts={"new": 1000}), FIRST_AND_DELTAS, "passed"),
        ("new_keys", load(unknown_keys=frozenset({"brand_new"})), NIGHTS, "warning"),
        ("new_keys", load(unknown_keys=frozenset({"known"})), [load(night=-1, unknown_keys=frozenset({"known"}))], "passed"),
        ("new_keys", load(unknown_keys=frozenset({"brand_new"})), [], None),
    ],
)
def test_a_gate_says(gate, this, history, expected):
    assert said(gate, this, history) == expected


def test_every_gate_has_been_seen_red():
    marks = test_a_gate_says.pytestmark[0].args[1]
    assert {gate for gate, _, _, expected in marks if expected in ("warning", "critical")} == set(GATES)


def test_hand_written_files_may_have_one_bad_line_in_twenty():
    drops = LIMITS["drops__checkins"]
    assert said("set_aside_share", load(records=1000, set_aside=50), limits=drops) == "passed"
    assert said("set_aside_share", load(records=1000, set_aside=51), limits=drops) == "critical"
    assert said("has_rows", load(records=0), limits=drops) == "passed"


def test_plans_may_lie_in_the_future_and_events_may_not():
    ahead = load(newest_event_at=NIGHT + timedelta(days=40))
    assert said("no_future", ahead, limits=LIMITS["drops__metric_targets"]) is None
    assert said("no_future", ahead, limits=LIMITS["drops__practice_tasks"]) == "warning"


def test_the_share_that_must_be_filled_leaves_room_for_exactly_the_tolerated_records():
    for records in (1, 20, 999, 1_000, 60_000):
        allowed = tolerated_set_aside(records, LIMITS_OF_TEST)
        needed = filled_share(records, LIMITS_OF_TEST)
        assert (records - allowed) / records >= needed
        assert (records - allowed - 1) / records < needed


def test_sentences_name_the_figure_and_hold_numbers_only():
    result = judged("vendor_total", load(records=1000, vendor_total=2000))
    assert result == GateResult(
        "vendor_total", "critical", False, "the vendor says 2,000 records, 1,000 landed", "ticket figures"
    )
