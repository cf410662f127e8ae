"""Hard deletes by key sweep: what vanished from a vendor leaves what readers see, what came back returns, and a cut list or a
vendor that lost half its records deletes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from nights import night, typed_rows

from learning_warehouse import admission, loads
from learning_warehouse.audit import audit
from learning_warehouse.errors import Truncated
from learning_warehouse.holdings import held_keys
from learning_warehouse.landing import land
from learning_warehouse.sandbox.world import PURGEABLE
from learning_warehouse.sources import SOURCES
from learning_warehouse.streams import Manifest, Page, Reading, RunContext, Stream
from learning_warehouse.sweeps import DELETIONS, EVERY, swept_streams
from learning_warehouse.typing_records import type_load

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
LATER = FIRST + EVERY


def _without(vendor: str, monkeypatch: pytest.MonkeyPatch, is_gone: Callable[[str, str], bool]) -> None:
    """The vendor, as if the records of a stream whose keys `is_gone` had been deleted for good."""
    streams = SOURCES[vendor].streams
    for stream, list_keys in swept_streams(vendor):

        def keys(reading: Reading, stream: Stream = stream, list_keys: Any = list_keys) -> Iterator[Page]:
            for page in list_keys(reading):
                path = stream.column("id").json_path
                yield Page([one for one in page.records if not is_gone(stream.name, str(msgspec.json.decode(one)[path]))])

        monkeypatch.setitem(streams, stream.name, replace(stream, holdings=replace(stream.holdings, keys=keys)))


def _sweep(vendor: str, now: datetime, stored: Any) -> tuple[Manifest, loads.StoredVerdict]:
    stream = SOURCES[vendor].streams[DELETIONS]
    manifest = land(stream, RunContext(f"sweep {now}", now), stored)
    type_load(manifest, stored)
    verdicts = audit(stream.domain, manifest.run_id, now, stored)
    admission.admit(stream.domain, stored)
    return manifest, next(one for one in verdicts if (one.source, one.stream) == (vendor, DELETIONS))


@pytest.fixture
def landed(every_vendor: Any, stored: Any) -> Callable[[str], dict[str, set[str]]]:
    """Lands the swept streams of one vendor on the first night; gives the keys of each that live."""

    def first_night(vendor: str) -> dict[str, set[str]]:
        for stream, _ in swept_streams(vendor):
            night(stream, FIRST, stored)
        return {stream.name: set(held_keys(stream, stored).live) for stream, _ in swept_streams(vendor)}

    return first_night


@pytest.fixture
def purged(every_vendor: Any, small_company: Any) -> Iterator[set[str]]:
    """Every fiftieth contact, deal, contract and enrollment; all are back at the vendors when the test ends."""
    yield {getattr(fact, key) for name, key in PURGEABLE.items() for fact in getattr(small_company, name)[::50]}
    every_vendor.purge([])


def _in_the_ledger(company: Any, stream: str) -> set[str]:
    """The ids that a vendor has on the first night, by the facts alone."""
    created = "added_at" if stream == "enrollments" else "created_at"
    known = [fact for fact in getattr(company, stream) if getattr(fact, created) < FIRST]
    return {getattr(fact, PURGEABLE[stream]) for fact in known if (getattr(fact, "deleted_at", None) or FIRST) >= FIRST}


@pytest.mark.parametrize(
    ("vendor", "streams"), [("absorb", ["enrollments"]), ("salesforce", ["contacts", "opportunities", "contracts"])]
)
def test_after_hard_deletes_a_sweep_leaves_exactly_what_the_ledger_still_has(
    vendor, streams, landed, stored, every_vendor, small_company, purged
):
    landed(vendor)
    every_vendor.purge(sorted(purged))
    manifest, verdict = _sweep(vendor, LATER, stored)
    assert verdict.verdict == "admitted"
    for name in streams:
        facts = _in_the_ledger(small_company, name)
        assert facts & purged
        assert held_keys(SOURCES[vendor].streams[name], stored).live == facts - purged
        assert manifest.extra["swept"][name] == {"known": len(facts), "gone": len(facts & purged), "back": 0}


def test_a_sweep_finds_exactly_the_keys_that_vanished_and_those_that_came_back(landed, stored, monkeypatch):
    vendor = "hubspot"
    known = landed(vendor)
    gone = {name: set(sorted(keys)[1:3]) for name, keys in known.items() if len(keys) > 2}
    assert len(gone) >= 3
    _without(vendor, monkeypatch, lambda name, key: key in gone.get(name, ()))
    manifest, verdict = _sweep(vendor, LATER, stored)
    assert verdict.verdict == "admitted"
    assert {name: (counts["known"], counts["gone"], counts["back"]) for name, counts in manifest.extra["swept"].items()} == {
        name: (len(keys), len(gone.get(name, ())), 0) for name, keys in known.items() if keys
    }
    rows = typed_rows(SOURCES[vendor].streams[DELETIONS], stored)
    assert {(row["stream"], row["record_key"]) for row in rows if row["is_gone"]} == {
        (name, key) for name, keys in gone.items() for key in keys
    }
    for stream, _ in swept_streams(vendor):
        assert held_keys(stream, stored).live == known[stream.name] - gone.get(stream.name, set())
    monkeypatch.undo()
    again, _ = _sweep(vendor, LATER + EVERY, stored)
    assert sum(counts["back"] for counts in again.extra["swept"].values()) == sum(map(len, gone.values()))
    assert all(set(held_keys(stream, stored).live) == known[stream.name] for stream, _ in swept_streams(vendor))


def test_too_many_at_once_are_refused_until_a_person_releases_the_sweep(landed, stored, monkeypatch):
    from learning_warehouse.judgments import decide

    known = landed("salesforce")["contacts"]
    half = set(sorted(known)[: len(known) // 2])
    _without("salesforce", monkeypatch, lambda name, key: name == "contacts" and key in half)
    _, verdict = _sweep("salesforce", LATER, stored)
    assert verdict.verdict == "rejected"
    assert [reason["check"] for reason in verdict.reasons] == ["shrink_guard"]
    assert f"{len(half)} of {len(known)} contacts" in verdict.reasons[0]["sentence"]
    contacts = SOURCES["salesforce"].streams["contacts"]
    assert set(held_keys(contacts, stored).live) == known
    again, _ = _sweep("salesforce", LATER + timedelta(days=1), stored)
    assert again.extra["swept"]["contacts"]["gone"] == len(half), "a refused sweep is asked for again"
    decide("salesforce.deletions", again.seq, "admitted", "sales operations", "a region was sold")
    assert set(held_keys(contacts, stored).live) == known - half


def test_a_record_that_is_delivered_again_after_the_sweep_lives(landed, stored, monkeypatch):
    contacts = SOURCES["salesforce"].streams["contacts"]
    gone = sorted(landed("salesforce")["contacts"])[0]
    _without("salesforce", monkeypatch, lambda name, key: key == gone)
    _sweep("salesforce", LATER, stored)
    assert gone in held_keys(contacts, stored).gone
    whole = RunContext("again", LATER + timedelta(days=1), window_start=datetime(2000, 1, 1, tzinfo=UTC))
    type_load(land(contacts, whole, stored), stored)
    audit("crm", "again", whole.now, stored)
    admission.admit("crm", stored)
    assert gone in held_keys(contacts, stored).live


def test_a_key_that_only_the_first_of_two_readings_misses_is_not_gone(landed, stored, monkeypatch):
    known = landed("absorb")["users"]
    missed = sorted(known)[5]
    seen: list[str] = []

    def is_missed_once(name: str, key: str) -> bool:
        if name != "users" or key != missed or seen:
            return False
        seen.append(key)
        return True

    _without("absorb", monkeypatch, is_missed_once)
    manifest, _ = _sweep("absorb", LATER, stored)
    assert seen == [missed]
    assert manifest.extra["swept"]["users"] == {"known": len(known), "gone": 0, "back": 0}


def test_a_cut_list_of_keys_deletes_nothing(landed, stored, monkeypatch):
    landed("absorb")
    users = SOURCES["absorb"].streams["users"]

    def cut(reading: Reading) -> Iterator[Page]:
        yield Page([b'{"id":"a"}'], total=200)

    monkeypatch.setitem(SOURCES["absorb"].streams, "users", replace(users, holdings=replace(users.holdings, keys=cut)))
    with pytest.raises(Truncated):
        land(SOURCES["absorb"].streams[DELETIONS], RunContext("sweep", LATER), stored)
    assert loads.manifests(SOURCES["absorb"].streams[DELETIONS], stored) == []


def test_a_sweep_runs_once_a_week_inside_the_nights_and_asks_nothing_on_the_others(every_vendor, stored):
    stream = SOURCES["salesforce"].streams[DELETIONS]
    for one, _ in swept_streams("salesforce"):
        night(one, FIRST, stored)
    requests = [night(stream, FIRST + timedelta(days=day), stored)[0].requests for day in range(9)]
    assert [day for day, count in enumerate(requests) if count] == [0, 7]
