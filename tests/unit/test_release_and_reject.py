"""`lw release` and `lw reject`: a person outranks the audit, it is written down, and readers and cursor follow."""

import os
import signal
import subprocess
import sys

import pytest
from dropped_loads import NAME, drop, judge, land, night, seen

from learning_warehouse import admission, loads
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.judgments import decide
from learning_warehouse.sources import find


def test_a_released_load_is_seen_and_flagged_and_the_audits_verdict_stays_beside_it(home, stored):
    night(0, stored, "a", verdict="rejected", checks=("volume_band",))
    assert seen(stored) == []
    decision = decide(NAME, None, "admitted", "Ann", "the division was sold")
    assert seen(stored) == ["a"]
    assert (decision.before.verdict, decision.now.verdict, decision.now.number, decision.now.by) == (
        "rejected",
        "admitted",
        2,
        "Ann",
    )
    assert decision.now.severity == "warning"
    assert [reason["sentence"] for reason in decision.now.reasons] == [
        "released by hand: the division was sold",
        "volume_band is red",
    ]
    assert b'"rejected"' in stored.read_bytes(loads.verdict_key("drops", "checkins", 1))
    assert loads.verdict(find(NAME), 1, stored) == decision.now


def test_a_load_with_plain_addresses_is_released_by_nobody(home, stored):
    night(0, stored, "a", verdict="rejected", checks=("no_plain_person_columns",))
    with pytest.raises(ConfigurationError, match="is not released by anybody"):
        decide(NAME, 1, "admitted", "Ann", "in a hurry")
    assert seen(stored) == []


def test_a_rejected_load_is_not_seen_and_its_files_are_read_again(home, stored):
    night(0, stored, "a")
    night(1, stored, "b")
    night(2, stored, "c")
    decide(NAME, 2, "rejected", "Ann", "wrong file")
    assert seen(stored) == ["a", "c"]
    assert admission.start_cursor(find(NAME), stored).seq == 1
    night(3, stored)
    assert seen(stored) == ["a", "b", "c", "c"]
    assert sorted(admission.start_cursor(find(NAME), stored).files) == ["0.csv", "1.csv", "2.csv", "3.csv"]


def test_taking_a_decision_back_brings_the_cursor_back(home, stored):
    night(0, stored, "a")
    night(1, stored, "b")
    before = admission.start_cursor(find(NAME), stored)
    decide(NAME, 1, "rejected", "Ann", "a mistake")
    assert admission.start_cursor(find(NAME), stored) == admission.StartCursor()
    decide(NAME, 1, "admitted", "Ann", "it was right")
    assert admission.start_cursor(find(NAME), stored) == before
    assert seen(stored) == ["a", "b"]
    assert loads.verdict(find(NAME), 1, stored).number == 3


def test_deciding_the_same_again_writes_nothing(home, stored):
    night(0, stored, "a")
    decision = decide(NAME, 1, "admitted", "Ann", "sure")
    assert decision.now.number == 1
    assert not stored.exists(loads.verdict_key("drops", "checkins", 1, 2))


@pytest.mark.parametrize(
    ("seq", "by", "why", "sentence"),
    [(7, "Ann", "x", "has no load 7"), (None, " ", "x", "needs a name"), (2, "Ann", "x", "was not judged yet")],
)
def test_what_cannot_be_decided_is_said(home, stored, seq, by, why, sentence):
    night(0, stored, "a")
    drop("1.csv", "b")
    land(1)
    with pytest.raises(ConfigurationError, match=sentence):
        decide(NAME, seq, "rejected", by, why)


def test_a_kill_between_verdict_and_removal_is_healed_by_the_next_build(home, stored):
    night(0, stored, "a")
    night(1, stored, "b")
    code = "from learning_warehouse.judgments import decide; decide('drops.checkins', 2, 'rejected', 'Ann', 'wrong file')"
    killed = subprocess.run([sys.executable, "-c", code], env={**os.environ, "LW_KILL_AT": "reject.before_removal"}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert loads.verdict(find(NAME), 2, stored).verdict == "rejected"
    assert seen(stored) == ["a", "b"]
    admission.place_again(stored)
    assert seen(stored) == ["a"]


def test_a_load_that_a_person_released_is_measure_for_the_next(home, stored):
    receipt = night(0, stored, "a", verdict="rejected", checks=("volume_band",))
    decide(NAME, receipt.seq, "admitted", "Ann", "fine")
    drop("1.csv", "b")
    second = land(1)
    judge(second, stored)
    assert loads.manifests(find(NAME), stored)[1].extra["after"] == receipt.seq
