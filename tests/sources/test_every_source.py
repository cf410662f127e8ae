"""One contract for all sources, read from the sandbox over real HTTP and from real drop files.

Whoever adds a source gets these tests by adding it to SOURCES. Sweeps compare what was admitted: test_sweeps.py.
"""

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import msgspec
import pytest

from learning_warehouse import admission, landing, loads
from learning_warehouse.errors import BadAnswer, CredentialsRefused, LearningWarehouseError, StopStream, Truncated
from learning_warehouse.landing import land
from learning_warehouse.settings import settings
from learning_warehouse.sources import DOMAINS, SOURCES, every_stream
from learning_warehouse.streams import Manifest, Page, Reading, RunContext
from learning_warehouse.typing_records import type_load

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
STREAMS = {stream.full_name: stream for stream in every_stream() if stream.mode != "sweep"}
SERVED = [name for name, stream in STREAMS.items() if SOURCES[stream.source].open_client]
DROPS = [name for name in STREAMS if name not in SERVED]
ONE_OF_EACH_READER = [*SERVED, "drops.checkins", "drops.learning_sessions", "drops.product_usage"]


@pytest.fixture(params=STREAMS)
def stream(request):
    return STREAMS[request.param]


@pytest.fixture(params=ONE_OF_EACH_READER)
def some_stream(request):
    """Every stream of an API; of the drop folder one per file format, because all of its streams share one reader."""
    return STREAMS[request.param]


@pytest.fixture
def world(every_vendor, stored):
    """The sandbox and a drop folder that the simulation has filled up to the first night."""
    _drop(FIRST)
    return every_vendor


@lru_cache(maxsize=1)
def _company():
    from learning_warehouse.simulation.company import simulate

    return simulate(1, employees=200, accounts=200)


@lru_cache(maxsize=2)
def _dropped(now: datetime) -> TemporaryDirectory:
    from learning_warehouse.simulation.drops import write_drops

    folder = TemporaryDirectory()
    write_drops(_company(), now, Path(folder.name))
    return folder


def _drop(now: datetime) -> None:
    """The drop folder of this test's home as it is at `now`; a file once written never changes, so the files are shared."""
    settings().home.mkdir(parents=True, exist_ok=True)
    settings().drop_folder.unlink(missing_ok=True)
    settings().drop_folder.symlink_to(_dropped(now).name)


def _judge(stream, manifest: Manifest, stored, verdict: str = "admitted") -> None:
    """A verdict as the audit would store it, then the admission of the domain."""
    stored_verdict = loads.StoredVerdict(
        stream.source, stream.name, manifest.seq, manifest.run_id, manifest.now, verdict, None, [], 1, 1, manifest.records, 0
    )
    key = loads.verdict_key(stream.source, stream.name, manifest.seq)
    assert stored.create_if_absent(key, msgspec.json.encode(stored_verdict))
    admission.admit(stream.domain, stored)


def _rows(key: str, stored) -> list[dict]:
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{stored.path(key)}', hive_partitioning=false)")
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


def test_first_night_declared_keys_exist_and_are_unique_and_nothing_is_lost(world, stream, stored):
    manifest = land(stream, RunContext("first", FIRST), stored)
    receipt = type_load(manifest, stored)
    assert receipt.typed + receipt.set_aside == manifest.records > 0
    assert manifest.vendor_total in (None, manifest.records)
    assert receipt.unknown_keys == {}
    rows = _rows(receipt.parquet_key, stored)
    keys = Counter(tuple(row[column] for column in stream.primary_key) for row in rows)
    assert all(part is not None for key in keys for part in key)
    repeats_allowed = stream.full_name in (
        "zendesk.organizations", "zendesk.tickets", "zendesk.users", "freshdesk.tickets", *DROPS
    )  # fmt: skip
    assert max(keys.values()) == 1 or repeats_allowed
    if stream.source != "drops":
        assert receipt.set_aside == 0
    if stream.identity and not stream.identity_columns:
        assert len({row["identity_key"] for row in rows}) == len(keys)


def test_second_run_of_the_same_run_id_adds_nothing(world, some_stream, stored):
    context = RunContext("first", FIRST)
    manifest = land(some_stream, context, stored)
    type_load(manifest, stored)
    before = {key: stored.read_bytes(key) for key in stored.list("")}
    calls = world.state().get("calls")
    assert land(some_stream, context, stored) == manifest
    type_load(manifest, stored)
    assert {key: stored.read_bytes(key) for key in stored.list("")} == before
    assert calls is None or world.state()["calls"] == calls


def test_next_night_loads_only_what_changed_and_the_cursor_moves_by_admission_only(world, stream, stored):
    first = land(stream, RunContext("first", FIRST), stored)
    type_load(first, stored)
    assert admission.start_cursor(stream, stored) == admission.StartCursor()
    _judge(stream, first, stored)
    start = admission.start_cursor(stream, stored)
    assert (start.next_cursor, bool(start.high_water), dict(start.files)) == (
        first.next_cursor,
        first.high_water is not None,
        first.extra.get("files", {}),
    )
    world.move(SECOND)
    _drop(SECOND)
    second = land(stream, RunContext("second", SECOND), stored)
    assert type_load(second, stored).typed >= 0
    if stream.mode == "snapshot":
        assert second.records >= first.records * 0.9
    elif first.records >= 100:
        assert second.records < first.records / 5
    if first.high_water and second.high_water:
        assert second.high_water >= first.high_water
        assert datetime.fromisoformat(second.high_water) <= SECOND
    assert admission.start_cursor(stream, stored) == start


def test_rejected_load_is_asked_for_again(world, some_stream, stored):
    first = land(some_stream, RunContext("first", FIRST), stored)
    type_load(first, stored)
    _judge(some_stream, first, stored, "rejected")
    assert admission.start_cursor(some_stream, stored) == admission.StartCursor()
    again = land(some_stream, RunContext("again", FIRST), stored)
    assert (again.seq, again.records, again.next_cursor, again.high_water) == (
        2,
        first.records,
        first.next_cursor,
        first.high_water,
    )
    assert not any(key.endswith("00000001.parquet") for key in stored.list(f"admitted/{some_stream.source}/{some_stream.name}"))
    assert any(key.endswith("verdict.json") for key in stored.list(f"rejected/{some_stream.source}/{some_stream.name}/00000001"))


@pytest.mark.parametrize("name", SERVED)
def test_error_body_with_status_200_never_ends_a_stream(world, stored, name):
    world.set_faults([{"vendor": STREAMS[name].source, "kind": "html", "path_contains": _data_path(name)}])
    with pytest.raises(BadAnswer):
        land(STREAMS[name], RunContext("first", FIRST), stored)
    assert loads.manifests(STREAMS[name], stored) == []
    (failure,) = loads.failures(stored, "first")
    assert (failure.source, failure.stream, failure.error_class) == (STREAMS[name].source, STREAMS[name].name, "BadAnswer")


@pytest.mark.parametrize("name", SERVED)
def test_a_cut_answer_is_read_again_and_counted(world, stored, name):
    world.set_faults([{"vendor": STREAMS[name].source, "kind": "cut", "path_contains": _data_path(name), "times": 1}])
    cut = land(STREAMS[name], RunContext("cut", FIRST), stored)
    assert cut.retries >= 1
    stored_again = land(STREAMS[name], RunContext("whole", FIRST), stored)
    assert (cut.records, cut.vendor_total) == (stored_again.records, stored_again.vendor_total)
    assert loads.failures(stored, "cut") == []


@pytest.mark.parametrize("name", SERVED)
def test_a_failure_is_forgotten_when_a_later_try_of_the_run_lands(world, stored, name):
    world.set_faults([{"vendor": STREAMS[name].source, "kind": "status", "status": 404, "path_contains": _data_path(name)}])
    with pytest.raises(StopStream):
        land(STREAMS[name], RunContext("first", FIRST), stored)
    assert len(loads.failures(stored, "first")) == 1
    world.set_faults([])
    land(STREAMS[name], RunContext("first", FIRST), stored)
    assert loads.failures(stored, "first") == []


@pytest.mark.parametrize("vendor", [vendor for vendor, source in SOURCES.items() if source.open_client])
def test_wrong_credentials_are_refused_and_not_shown(world, stored, vendor, monkeypatch):
    from learning_warehouse import connections

    right = connections.sandbox_connection(vendor)
    values = {
        "host": right.host,
        "login": "nobody",
        "password": "wrong-password-42",
        "extra": {"proxy": right.extra["proxy"], "private_key": "wrong-key-43"},
    }
    monkeypatch.setenv(f"AIRFLOW_CONN_{vendor.upper()}", msgspec.json.encode(values).decode())
    stream = next(iter(SOURCES[vendor].streams.values()))
    with pytest.raises(LearningWarehouseError) as caught:
        land(stream, RunContext("first", FIRST), stored)
    assert isinstance(caught.value, CredentialsRefused | StopStream)
    everything = b"".join(stored.read_bytes(key) for key in stored.list("raw")).decode() + str(caught.value)
    assert "wrong-password-42" not in everything
    assert "wrong-key-43" not in everything


def _data_path(name: str) -> str:
    """Part of a path that only the stream's data have, never a login."""
    stream = STREAMS[name]
    return {"salesforce": "/queryAll", "absorb": "_limit="}.get(stream.source, "s")


def _scripted(stream, *pages: Page):
    """The stream with pages of our making, as a vendor could have sent them."""

    def read(reading: Reading):
        yield from pages

    return replace(stream, pages=read, holdings=None)


def test_announced_but_missing_records_are_refused(world, some_stream, stored):
    with pytest.raises(Truncated, match="announced 3 records and sent 2"):
        land(_scripted(some_stream, Page([b"{}"], total=3), Page([b"{}"])), RunContext("first", FIRST), stored)
    assert loads.manifests(some_stream, stored) == []


def test_empty_answer_is_a_load_of_no_records_that_keeps_the_cursor(world, some_stream, stored):
    first = land(some_stream, RunContext("first", FIRST), stored)
    type_load(first, stored)
    _judge(some_stream, first, stored)
    empty = land(_scripted(some_stream, Page([])), RunContext("second", SECOND), stored)
    receipt = type_load(empty, stored)
    assert (empty.records, receipt.typed, receipt.set_aside) == (0, 0, 0)
    _judge(some_stream, empty, stored, "empty")
    start = admission.start_cursor(some_stream, stored)
    assert (start.next_cursor, start.high_water) == (first.next_cursor, _moment(first.high_water))
    assert dict(start.files) == first.extra.get("files", {})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def test_every_stream_has_an_admitted_file_before_its_first_load(stored):
    admission.ensure_empty(stored)
    for stream in every_stream():
        rows = duckdb.sql(
            f"SELECT count(*) FROM read_parquet('{stored.path(f'admitted/{stream.source}/{stream.name}/v=1')}/*.parquet')"
        )
        assert rows.fetchall() == [(0,)]


def test_domains_and_sources_tell_the_same_story():
    assert {vendor: domain for domain, vendors in DOMAINS.items() for vendor in vendors} == {
        vendor: source.domain for vendor, source in SOURCES.items()
    }
    for vendor, source in SOURCES.items():
        for name, declared in source.streams.items():
            assert (declared.source, declared.name, declared.domain) == (vendor, name, source.domain)
            names = [column.name for column in declared.columns]
            assert len(set(names)) == len(names)
            assert set(declared.primary_key) <= set(names)
            assert declared.cursor_field is None or declared.cursor_field in names
            assert set(declared.identity_columns) <= set(names)
            assert all(declared.column(key).required for key in declared.primary_key)


def test_sources_take_little_space_and_import_nothing_heavy():
    folder = Path(landing.__file__).parent / "sources"
    for path in folder.rglob("*.py"):
        text = path.read_text()
        assert len(text.splitlines()) <= 180, path
        assert not any(word in text for word in ("import airflow", "import pandas", "import requests", "os.environ")), path


def test_drop_headers_are_the_declared_columns(world):
    for name in DROPS:
        stream = STREAMS[name]
        for path in (settings().drop_folder / stream.name).glob("*.csv"):
            with open(path, newline="") as file:
                assert sorted(next(csv.reader(file))) == sorted(column.name for column in stream.columns[:-2])
