"""Family C: late and early rows, clocks that differ or change, and weeks without a night."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from landed import NOW, admit, admitted, night, rows
from merged_versions import newest_version
from paged_vendors import RATINGS, rating

from learning_warehouse import admission, loads
from learning_warehouse.http import Basic, Client
from learning_warehouse.landing import land
from learning_warehouse.paging import TimePages
from learning_warehouse.sources import find
from learning_warehouse.sources.hris.bamboohr import ChangedMap
from learning_warehouse.streams import Page, Reading, RunContext
from learning_warehouse.typing_records import type_load

DAY = timedelta(days=1)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_late_older_version_never_wins_and_a_late_new_record_is_there(stored):
    night(RATINGS, [rating(1, "2026-11-30T10:00:00Z", "good")], stored, "first")
    late = [rating(1, "2026-11-29T10:00:00Z", "bad"), rating(2, "2026-11-29T11:00:00Z", "late")]
    night(RATINGS, late, stored, "second", NOW + DAY)
    merged = {row["id"]: row["score"] for row in newest_version(admitted(RATINGS, stored), ["id"], "updated_at")}
    assert merged == {1: "good", 2: "late"}
    assert admission.start_cursor(RATINGS, stored).high_water == datetime(2026, 11, 30, 10, tzinfo=UTC)


def test_thousands_of_rows_at_the_boundary_come_again_and_count_once(stored):
    crowd, asked = [msgspec.json.encode(rating(number, "2026-11-30T10:00:00Z")) for number in range(3000)], []

    def read(reading):
        asked.append(reading.window_from)
        yield Page(crowd)

    stream = replace(RATINGS, pages=read, lag=timedelta(0))
    for number in range(2):
        manifest = land(stream, RunContext(f"night-{number}", NOW + number * DAY), stored)
        admit(stream, type_load(manifest, stored), stored)
    assert asked[1] == datetime(2026, 11, 30, 10, tzinfo=UTC), "the lower bound is closed"
    assert len(newest_version(admitted(RATINGS, stored), ["id"], "updated_at")) == 3000
    assert len(stored.read_bytes(loads.manifest_key("zendesk", RATINGS.name, 2))) < 2000


@pytest.mark.parametrize("latest", ["2999-01-01T00:00:00+00:00", None])
def test_a_row_of_the_year_2999_sends_no_cursor_into_the_future(hostile, respond, latest):
    employees = {"1": {"lastChanged": "2999-01-01T00:00:00+00:00", "rows": []}}
    answers = {
        "/changed": {"employees": employees, "latest": latest},
        "/nobody": {"employees": [], "latest": latest or "2999-01-01T00:00:00Z"},
        "/organizations": {"organizations": [{}], "end_time": 32_472_144_000, "end_of_stream": True},
    }
    hostile.script = lambda path, number: respond(json.dumps(answers[path.partition("?")[0]]))
    with Client(hostile.connection(), Basic("u", "p")) as client:
        reading = Reading(RATINGS, client, NOW - DAY, NOW, "2026-11-30T00:00:00+00:00")
        for path in ("/changed", "/nobody"):
            (page,) = ChangedMap(path, with_key=True)(reading)
            assert datetime.fromisoformat(page.next_cursor) == NOW
        (page,) = TimePages("/organizations", "organizations")(reading)
        assert int(page.next_cursor) == NOW.timestamp()


CHANGES = {
    "2026-03-29T01:59:59+01:00": datetime(2026, 3, 29, 0, 59, 59),
    "2026-03-29T03:00:00+02:00": datetime(2026, 3, 29, 1, 0),
    "2026-03-29T02:30:00Z": datetime(2026, 3, 29, 2, 30),
    "2026-10-25T02:30:00+02:00": datetime(2026, 10, 25, 0, 30),
    "2026-10-25T02:30:00+01:00": datetime(2026, 10, 25, 1, 30),
    "2026-10-25T02:30:00": datetime(2026, 10, 25, 2, 30),
}


def test_no_hour_is_lost_or_doubled_when_clocks_change(stored, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        receipt = night(RATINGS, [rating(number, text) for number, text in enumerate(CHANGES)], stored)
        assert [row["updated_at"] for row in rows(receipt, stored)] == list(CHANGES.values())
        assert receipt.newest_event_at == "2026-10-25T02:30:00Z"
        assert loads.manifests(RATINGS, stored)[0].high_water == "2026-10-25T02:30:00Z"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_mixed_offsets_in_one_column_are_one_moment(stored):
    forms = (
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05",
        "2026-01-02 03:04:05",
        "2026-01-02T03:04:05+00:00",
        "2026-01-02T05:34:05+0230",
        "2026-01-01T22:04:05-05",
    )
    receipt = night(RATINGS, [rating(number, text) for number, text in enumerate(forms)], stored)
    assert {row["updated_at"] for row in rows(receipt, stored)} == {datetime(2026, 1, 2, 3, 4, 5)}
    assert receipt.set_aside == 0


def test_a_leap_day_is_a_day_in_leap_years_only(stored):
    employees = find("bamboohr.employees")
    days = ["2024-02-29", "2000-02-29", "2025-02-29", "1900-02-29", "2024-02-30", "2024-12-31", "2027-01-01"]
    receipt = night(
        employees, [{"employeeId": str(n), "status": "Active", "hireDate": day} for n, day in enumerate(days)], stored
    )
    good = [date(2024, 2, 29), date(2000, 2, 29), date(2024, 12, 31), date(2027, 1, 1)]
    assert [row["hire_date"] for row in rows(receipt, stored)] == good
    assert receipt.set_aside_reasons == {"hire_date: a text that is not a date": 3}


@pytest.mark.parametrize("hours", [-26, 26])
def test_our_clock_may_jump_without_a_change_of_what_lands(hostile, respond, stored, monkeypatch, hours):
    real, jump = time.time, {"seconds": 0.0}
    monkeypatch.setattr(time, "time", lambda: real() + jump["seconds"])
    from learning_warehouse import connections

    def script(path, number):
        jump["seconds"] = hours * 3600
        if number == 1:
            return respond("busy", 503)
        more = {"has_more": number == 0}
        content = {"satisfaction_ratings": [rating(number)], "meta": more, "links": {"next": f"{hostile.url}/api/v2/more"}}
        return respond(json.dumps(content))

    hostile.script = script
    extra = {"first_wait_seconds": 0.001, "response_seconds": 5, "waiting_budget_seconds": 5}
    connections.use(lambda vendor: {"host": f"{hostile.url}/api/v2", "login": "u", "password": "a-password-42", "extra": extra})
    manifest = land(RATINGS, RunContext("night", NOW), stored)
    assert (manifest.records, manifest.retries, manifest.now) == (2, 1, "2026-12-01T01:00:00Z")
    assert manifest.window_to == "2026-12-01T01:00:00Z"
    receipt = type_load(manifest, stored)
    assert {row["_loaded_at"] for row in rows(receipt, stored)} == {datetime(2026, 12, 1, 1)}


def test_one_load_after_a_week_gives_the_rows_of_seven_nights(stored, tmp_path):
    versions = [
        rating(number % 5, _text(NOW - 7 * DAY + timedelta(hours=7 * number)), f"version {number}") for number in range(1, 24)
    ]

    def read(reading):
        window = (_text(reading.window_from), _text(reading.window_to))
        yield Page([msgspec.json.encode(row) for row in versions if window[0] <= row["updated_at"] < window[1]])

    stream = replace(RATINGS, pages=read)
    found = []
    for nights in (range(-6, 1), [0]):
        place = type(stored)(tmp_path / f"{len(nights)} nights")
        for number in nights:
            manifest = land(stream, RunContext(f"night {number}", NOW + number * DAY), place)
            admit(stream, type_load(manifest, place), place)
        found.append({row["id"]: row["score"] for row in newest_version(admitted(stream, place), ["id"], "updated_at")})
    assert found[0] == found[1]
    assert set(found[0].values()) == {f"version {number}" for number in range(19, 24)}
