"""`lw backfill`: a past interval lands beside the nights, moves no cursor, and is not landed twice by accident."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from learning_warehouse import admission, loads
from learning_warehouse.backfills import backfill
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.landing import land, land_and_type
from learning_warehouse.pages.loads import load_states
from learning_warehouse.simulated import FIRST_NIGHT
from learning_warehouse.sources import find
from learning_warehouse.streams import BEGINNING, Page, RunContext

RATINGS = find("zendesk.satisfaction_ratings")
BEGIN, END = datetime(2026, 11, 10), datetime(2026, 11, 20)


def quiet(text: str) -> None:
    pass


def test_a_backfill_lands_its_interval_once_and_moves_no_cursor(sandbox, stored):
    receipt = land_and_type(RATINGS.full_name, RunContext("night", FIRST_NIGHT))
    told = loads.StoredVerdict(
        "zendesk", RATINGS.name, receipt.seq, "night", receipt.now, "admitted", None, [], 1, 1, receipt.records, 0
    )
    loads.add_verdict(told, RATINGS, stored)
    start = admission.start_cursor(RATINGS, stored)
    done = backfill(RATINGS.full_name, BEGIN, END, False, quiet)
    (landed,) = done.receipts
    assert 0 < landed.records < receipt.records
    assert [verdict.verdict for verdict in done.verdicts] == ["admitted"], done.verdicts
    assert stored.exists(admission.admitted_key(RATINGS, landed.seq))
    manifest = loads.manifests(RATINGS, stored)[-1]
    assert (manifest.window_from, manifest.window_to) == ("2026-11-10T00:00:00Z", "2026-11-20T00:00:00Z")
    assert loads.is_backfill(manifest)
    assert admission.start_cursor(RATINGS, stored) == start
    assert [one.seq for one in backfill(RATINGS.full_name, BEGIN, END, False, quiet).receipts] == [landed.seq]
    again = backfill(RATINGS.full_name, BEGIN, END, True, quiet)
    assert (again.run_id, again.receipts[0].seq) == ("backfill-20261110T000000-20261120T000000.2", landed.seq + 1)
    (state,) = [one for one in load_states(FIRST_NIGHT) if one.name == RATINGS.full_name]
    assert (state.seq, state.served_seq, state.is_good) == (receipt.seq, receipt.seq, True)


@pytest.mark.parametrize(
    ("name", "begin", "end", "sentence"),
    [
        ("zendesk", END, BEGIN, "is not before"),
        ("zendesk", BEGIN, datetime(2027, 1, 1), "up to which facts count"),
        ("drops", BEGIN, END, "no stream with a past"),
        ("zendesk.nothing", BEGIN, END, "There is no stream"),
    ],
)
def test_what_cannot_be_asked_is_said(home, name, begin, end, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        backfill(name, begin, end, False, quiet)


def test_a_backfill_before_the_first_night_does_not_shorten_it(home, stored):
    asked = []

    def read(reading):
        asked.append(reading.window_from)
        yield Page([b'{"answered_at": "2026-11-15T00:00:00Z"}'])

    stream = replace(find("drops.checkins"), mode="window", cursor_field="answered_at", pages=read)
    begin = FIRST_NIGHT - timedelta(days=20)
    manifest = land(stream, RunContext("backfill", FIRST_NIGHT - timedelta(days=10), begin), stored)
    told = loads.StoredVerdict("drops", stream.name, 1, "backfill", manifest.now, "admitted", None, [], 1, 1, 1, 0)
    loads.add_verdict(told, stream, stored)
    land(stream, RunContext("night", FIRST_NIGHT), stored)
    assert asked == [begin, BEGINNING]
