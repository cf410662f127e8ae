"""Landing: parts, the manifest that commits them, and what a failure leaves behind."""

import errno
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import zstandard

from learning_warehouse import admission, landing, loads
from learning_warehouse.errors import BadAnswer, StopStream, Truncated
from learning_warehouse.landing import land
from learning_warehouse.paging import parse
from learning_warehouse.sources import find
from learning_warehouse.streams import BEGINNING, Page, RunContext

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
WINDOW = replace(find("drops.checkins"), mode="window", cursor_field="answered_at", lag=timedelta(hours=1))
CURSOR = find("drops.checkins")


class Line(msgspec.Struct):
    line: int


def _with(stream, *pages, note=None):
    def read(reading):
        if note is not None:
            note.append(reading)
        yield from pages

    return replace(stream, pages=read)


def _lines(manifest, stored):
    text = b"".join(zstandard.ZstdDecompressor().decompress(stored.read_bytes(part.key)) for part in manifest.parts)
    return text.splitlines()


def _admit(stream, manifest, stored, verdict="admitted"):
    judged = loads.StoredVerdict("drops", stream.name, manifest.seq, "r", manifest.now, verdict, None, [], 0, 0, 0, 0)
    stored.create_if_absent(loads.verdict_key("drops", stream.name, manifest.seq), msgspec.json.encode(judged))


def test_the_vendors_own_bytes_land_one_line_a_record(stored):
    records = [b'{ "b" : 1.50,\n  "a":"\\u00e9"}', '{"t":"é\u2028"}'.encode(), b"null"]
    manifest = land(_with(CURSOR, Page(records[:2]), Page([]), Page(records[2:])), RunContext("r", NOW), stored)
    assert _lines(manifest, stored) == [
        b'{"_s":1,"_p":0,"_i":0,"_at":1796086800000,"d":{ "b" : 1.50,   "a":"\\u00e9"}}',
        '{"_s":1,"_p":0,"_i":1,"_at":1796086800000,"d":{"t":"é\u2028"}}'.encode(),
        b'{"_s":1,"_p":2,"_i":2,"_at":1796086800000,"d":null}',
    ]
    assert (manifest.records, manifest.pages, len(manifest.parts)) == (3, 3, 1)


def test_big_loads_are_cut_into_parts(stored, monkeypatch):
    monkeypatch.setattr(landing, "PART_BYTES", 200)
    manifest = land(_with(CURSOR, Page([b'{"x":"%d"}' % number for number in range(20)])), RunContext("r", NOW), stored)
    assert len(manifest.parts) > 2
    assert sum(part.records for part in manifest.parts) == 20
    assert len(_lines(manifest, stored)) == 20


def test_manifest_is_what_the_file_says(stored):
    manifest = land(_with(CURSOR, Page([b"{}"], next_cursor="c1")), RunContext("r", NOW), stored)
    assert loads.manifests(CURSOR, stored) == [manifest]
    assert (manifest.seq, manifest.next_cursor, manifest.high_water, manifest.now) == (1, "c1", None, "2026-12-01T01:00:00Z")
    assert manifest.window_to == "2026-12-01T01:00:00Z"


def test_high_water_is_the_newest_time_seen_and_never_in_the_future(stored):
    page = Page(
        [
            b'{"answered_at":"2026-11-30T10:00:00+02:00"}',
            b'{"answered_at":"soon"}',
            b"[]",
            b'{"answered_at":"2026-11-29T10:00:00Z"}',
        ]
    )
    assert land(_with(WINDOW, page), RunContext("a", NOW), stored).high_water == "2026-11-30T08:00:00Z"
    ahead = land(_with(WINDOW, Page([b'{"answered_at":"2999-01-01T00:00:00Z"}'])), RunContext("b", NOW), stored)
    assert ahead.high_water == "2026-12-01T01:00:00Z"


def test_window_begins_at_the_last_admitted_high_water_minus_the_lag(stored):
    asked = []
    first = land(_with(WINDOW, Page([b'{"answered_at":"2026-11-30T10:00:00Z"}']), note=asked), RunContext("a", NOW), stored)
    _admit(WINDOW, first, stored)
    second = land(_with(WINDOW, Page([b'{"answered_at":"2026-11-30T12:00:00Z"}']), note=asked), RunContext("b", NOW), stored)
    _admit(WINDOW, second, stored, "rejected")
    third = land(_with(WINDOW, Page([]), note=asked), RunContext("c", NOW + timedelta(days=1)), stored)
    begin = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert [reading.window_from for reading in asked] == [BEGINNING, begin, begin]
    assert third.high_water == first.high_water
    assert admission.start_cursor(WINDOW, stored).high_water == datetime(2026, 11, 30, 10, tzinfo=UTC)


def test_backfill_begins_where_it_is_told_and_does_not_move_the_cursor_back(stored):
    asked = []
    first = land(_with(WINDOW, Page([b'{"answered_at":"2026-11-30T10:00:00Z"}'])), RunContext("a", NOW), stored)
    _admit(WINDOW, first, stored)
    context = RunContext("b", datetime(2026, 6, 2, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
    back = land(_with(WINDOW, Page([b'{"answered_at":"2026-06-01T10:00:00Z"}']), note=asked), context, stored)
    assert (asked[0].window_from, asked[0].window_to) == (context.window_start, context.now)
    assert back.high_water == first.high_water


def test_a_record_that_a_source_finds_broken_is_a_bad_answer_of_the_vendor(stored):
    def read(reading):
        yield Page([b"{}"])
        parse(b'{"line": [1]}', Line)

    with pytest.raises(BadAnswer, match=r"drops\.checkins: the page is not what is documented: Expected `int`, got `array`"):
        land(replace(CURSOR, pages=read), RunContext("r", NOW), stored)
    assert loads.manifests(CURSOR, stored) == []
    assert [failure.error_class for failure in loads.failures(stored, "r")] == ["BadAnswer"]


def test_of_racing_runs_one_lands_and_the_other_stops(stored):
    together = threading.Barrier(2)

    def read(reading):
        together.wait(10)
        yield Page([b"{}"])

    outcomes = []

    def run(run_id):
        try:
            outcomes.append(land(replace(CURSOR, pages=read), RunContext(run_id, NOW), stored).run_id)
        except StopStream as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(name,)) for name in ("a", "b")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    (manifest,) = loads.manifests(CURSOR, stored)
    assert sorted(outcomes) == sorted([manifest.run_id, "StopStream"])


def test_a_second_reading_heals_a_list_that_shrank_while_it_was_read(stored):
    answers = iter([[Page([b"{}"], total=2)], [Page([b"{}", b"{}"], total=2)]])
    manifest = land(replace(CURSOR, pages=lambda reading: iter(next(answers))), RunContext("r", NOW), stored)
    assert (manifest.records, manifest.vendor_total) == (2, 2)


def test_failure_is_recorded_with_its_reason_and_commits_nothing(stored):
    with pytest.raises(Truncated) as caught:
        land(_with(CURSOR, Page([], total=5)), RunContext("manual__2026-12-01T01:00:00+00:00", NOW), stored)
    assert str(caught.value).startswith("drops.checkins: the vendor announced 5")
    (failure,) = loads.failures(stored, "manual__2026-12-01T01:00:00+00:00")
    assert failure.reason == "the vendor announced 5 records and sent 0."
    assert (failure.now, failure.error_class) == ("2026-12-01T01:00:00Z", "Truncated")
    assert loads.latest(stored) == []


def test_a_run_that_failed_after_its_commit_has_landed_when_it_is_tried_again(stored, monkeypatch):
    def unlink(path):
        if "_manifests" in str(path):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(path)

    real = os.unlink
    with monkeypatch.context() as broken, pytest.raises(OSError, match="Input/output"):
        broken.setattr(os, "unlink", unlink)
        land(_with(CURSOR, Page([b"{}"])), RunContext("r", NOW), stored)
    assert [failure.error_class for failure in loads.failures(stored, "r")] == ["OSError"]
    assert land(_with(CURSOR), RunContext("r", NOW), stored).records == 1
    assert loads.failures(stored, "r") == []


def test_our_own_defects_are_recorded_without_their_content(stored):
    def read(reading):
        raise KeyError("ann@halden.example")
        yield

    with pytest.raises(KeyError):
        land(replace(CURSOR, pages=read), RunContext("r", NOW), stored)
    (failure,) = loads.failures(stored, "r")
    assert "ann@" not in failure.reason


def test_summary_tells_the_state_of_the_newest_load(stored):
    manifest = land(_with(CURSOR, Page([b"{}"])), RunContext("r", NOW), stored)
    (summary,) = loads.latest(stored)
    assert (summary.stream, summary.verdict, summary.typed, summary.is_admitted) == ("checkins", None, None, False)
    _admit(CURSOR, manifest, stored, "rejected")
    assert [load.verdict for load in loads.all(stored)] == ["rejected"]
