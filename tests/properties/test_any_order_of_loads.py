"""Any sequence of nights, repeats, rejected loads and backfills ends, after one good night, with what the vendor tells."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from properties_profile import examples
from rendered_models import called

from learning_warehouse import admission, loads
from learning_warehouse.landing import land
from learning_warehouse.settings import reset_settings
from learning_warehouse.sources import find
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Page, Reading, RunContext
from learning_warehouse.typing_records import type_load

DAYS = 8
FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
CHECKINS = find("drops.checkins")
FIELDS = {"employee_id": "E-1", "week_start": "2026-11-23", "manager_asked": "yes", "used_learning": "no"}
VERSIONS = st.dictionaries(
    st.sampled_from(("a", "b", "c", "d")), st.sets(st.integers(0, 24 * DAYS), min_size=1, max_size=5), min_size=1
)
DAY = st.integers(0, DAYS)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("night"), DAY, DAY),
        st.tuples(st.just("rejected"), DAY, DAY),
        st.tuples(st.just("repeated"), DAY, DAY),
        st.tuples(st.just("backfill"), DAY, DAY),
    ),
    max_size=6,
)


@dataclass
class Vendor:
    """Record -> the hours at which it changed. It tells of each record only the newest version there is."""

    versions: dict[str, set[int]]
    now: datetime = field(default=FIRST)

    def newest(self) -> dict[str, datetime]:
        """Record -> when it changed last, of the records that are there by now."""
        known = {
            key: [at for at in (FIRST + timedelta(hours=hour) for hour in hours) if at < self.now]
            for key, hours in self.versions.items()
        }
        return {key: max(moments) for key, moments in known.items() if moments}

    def pages(self, reading: Reading) -> Any:
        """What changed in the window of a reading, on pages of two."""
        changed = [(at, key) for key, at in self.newest().items() if reading.window_from <= at < reading.window_to]
        records = [self.record(key, at) for at, key in sorted(changed)]
        for place in range(0, max(len(records), 1), 2):
            yield Page(records[place : place + 2])

    @staticmethod
    def record(key: str, at: datetime) -> bytes:
        row = {"checkin_id": key, **FIELDS, "answered_at": at.isoformat(), "confidence": str(at.day * 24 + at.hour)}
        return msgspec.json.encode(row | {"_file": "f", "_line": 1})


@pytest.fixture(scope="module")
def fixed_key():
    """Typing finds its key without a home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LW_PERSON_KEY_SECRET", "a-fixed-key-so-that-hashes-repeat")
        reset_settings()
        yield
    reset_settings()


@given(VERSIONS, STEPS)
@example({"a": {1, 30, 60}}, [("night", 2, 0), ("backfill", 1, 2), ("night", 1, 0)])
@example({"a": {1, 30}, "b": {2}}, [("rejected", 2, 0), ("night", 3, 0), ("backfill", 0, 1)])
@examples(8)
def test_one_good_night_after_any_steps_ends_with_what_the_vendor_tells(fixed_key, versions, steps):
    vendor = Vendor(versions)
    stream = replace(CHECKINS, mode="window", cursor_field="answered_at", lag=timedelta(hours=1), pages=vendor.pages)
    with TemporaryDirectory() as folder:
        stored = Storage(folder)
        for number, (kind, day, other) in enumerate([*steps, ("night", DAYS + 1, 0)]):
            vendor.now = FIRST + timedelta(days=day)
            begin = vendor.now - timedelta(days=other) if kind == "backfill" else None
            context = RunContext(f"run-{number}", vendor.now, begin)
            for _ in range(2 if kind == "repeated" else 1):
                manifest = land(stream, context, stored)
                judge("rejected" if kind == "rejected" else "admitted", type_load(manifest, stored), stored)
        found = staged(Path(folder) / "admitted/drops/checkins/v=1")
    assert found == {key: (at.replace(tzinfo=None), at.day * 24 + at.hour) for key, at in vendor.newest().items()}


def judge(verdict, receipt, stored):
    """A verdict as the audit stores it, and an admitted load in its place."""
    said = (receipt.seq, receipt.run_id, receipt.now, verdict, None, [], 1, 1, receipt.records, 0)
    loads.add_verdict(loads.StoredVerdict("drops", "checkins", *said), CHECKINS, stored)
    if verdict == "admitted":
        stored.link(receipt.parquet_key, admission.admitted_key(CHECKINS, receipt.seq))


def staged(folder):
    """Record -> moment and content of the version that staging takes."""
    rows = f"read_parquet('{folder}/*.parquet', hive_partitioning = false)"
    sql = called("newest_version", rows, keys=["checkin_id"], cursor="answered_at")
    found = duckdb.sql(f"select checkin_id, answered_at, confidence from ({sql})").fetchall()
    return {key: (moment, content) for key, moment, content in found}


@st.composite
def loads_of(draw):
    """The versions of some records in loads: every version in one load at least, some in several, in any order."""
    versions = draw(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=12, unique=True))
    again = draw(st.lists(st.sampled_from(versions), max_size=8))
    sent = draw(st.permutations([*versions, *again]))
    cuts = sorted(draw(st.sets(st.integers(0, len(sent)), max_size=4)))
    return [sent[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]


@given(loads_of(), st.randoms(use_true_random=False))
@examples(30)
def test_the_newest_version_wins_in_any_order_of_loads_with_any_repeats(arrived, shuffler):
    def newest(in_this_order):
        rows = [
            f"('drops', '{key}', {moment}, '{key}{moment}', {seq}, {index})"
            for seq, load in enumerate(in_this_order, start=1)
            for index, (key, moment) in enumerate(load)
        ]
        sql = called("newest_version", "sent", keys=["id"], cursor="moment")
        sent = f"with sent(_source, id, moment, content, _seq, _index) as (values {', '.join(rows)})"
        return dict(duckdb.sql(f"{sent} select id, content from ({sql})").fetchall())

    found = newest(arrived)
    versions = {version for load in arrived for version in load}
    assert found == {key: f"{key}{max(moment for one, moment in versions if one == key)}" for key, _ in versions}
    shuffled = [list(load) for load in arrived] * 2
    shuffler.shuffle(shuffled)
    assert newest(shuffled) == found
