"""A bucket over real HTTP: refused without conditional writes, one winner whatever the network does, whole loads in it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from learning_warehouse import transform
from learning_warehouse.admission import admit, start_cursor
from learning_warehouse.audit import audit
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.landing import land_and_type
from learning_warehouse.object_storage import ObjectStorage
from learning_warehouse.settings import reset_settings, settings
from learning_warehouse.sources import find
from learning_warehouse.storage import Storage, storage
from learning_warehouse.streams import RunContext

CONDITION = "HTTP_IF_NONE_MATCH"
FIRST_NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
HEADER = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at\n"


def _answer(start_response, status: str, code: str):
    start_response(status, [("Content-Type", "application/xml")])
    return [f"<Error><Code>{code}</Code><Message>scripted</Message></Error>".encode()]


def _forgetful(app, environ, start_response):
    environ.pop(CONDITION, None)
    return app(environ, start_response)


def _refusing(app, environ, start_response):
    return (
        _answer(start_response, "501 Not Implemented", "NotImplemented") if CONDITION in environ else app(environ, start_response)
    )


def _loses_the_first_answer():
    seen = Counter()

    def manner(app, environ, start_response):
        if CONDITION in environ:
            seen["puts"] += 1
            if seen["puts"] == 1:
                list(app(environ, lambda *_: None))
                return _answer(start_response, "500 Internal Server Error", "InternalError")
        return app(environ, start_response)

    return manner, seen


def _conflicts(times: int):
    left = [times]

    def manner(app, environ, start_response):
        if CONDITION in environ and left[0]:
            left[0] -= 1
            return _answer(start_response, "409 Conflict", "ConditionalRequestConflict")
        return app(environ, start_response)

    return manner


def _curt(app, environ, start_response):
    """412 as other services than Amazon's send it, without saying which condition failed."""
    statuses = []
    body = app(environ, lambda status, headers, *rest: statuses.append((status, headers)))
    if statuses[0][0].startswith("412"):
        return _answer(start_response, "412 Precondition Failed", "PreconditionFailed")
    start_response(*statuses[0])
    return body


@pytest.fixture
def address(home, bucket, monkeypatch):
    monkeypatch.setenv("LW_STORAGE", bucket.address)
    reset_settings()
    return bucket.address


@pytest.mark.parametrize(
    ("manner", "reason"), [(_forgetful, "ignores conditional writes"), (_refusing, "refuses conditional writes")]
)
def test_a_store_without_conditional_writes_is_refused_at_start(address, s3_server, manner, reason):
    s3_server.manner = manner
    with pytest.raises(ConfigurationError, match=reason):
        storage()


def test_a_bucket_that_is_not_there_is_refused_at_start(address, monkeypatch):
    monkeypatch.setenv("LW_STORAGE", "s3://nobody-made-this")
    reset_settings()
    with pytest.raises(ConfigurationError, match=r"s3://nobody-made-this cannot be used: .*bucket"):
        storage()


@pytest.mark.parametrize("text", ["gs://bucket", "/var/lib/lw", "s3://", "s3://B", "s3://lw", "s3://bucket/ü", "s3://bucket//x"])
def test_an_address_that_is_not_an_s3_address_is_refused(home, monkeypatch, text):
    monkeypatch.setenv("LW_STORAGE", text)
    reset_settings()
    with pytest.raises(ConfigurationError, match=r"LW_STORAGE: .*no address such as s3://bucket/prefix"):
        settings()


def test_the_installation_stores_in_its_home_unless_it_has_a_bucket(home, bucket, monkeypatch):
    assert type(storage()) is Storage
    for text, kind in ((bucket.address, ObjectStorage), ("", Storage)):
        monkeypatch.setenv("LW_STORAGE", text)
        reset_settings()
        assert type(storage()) is kind
        assert storage().root == home
        assert storage().list("") == []


def test_a_commit_whose_answer_was_lost_counts_as_ours_and_only_as_ours(bucket, s3_server, tmp_path):
    store = ObjectStorage(bucket.address, tmp_path)
    s3_server.manner, seen = _loses_the_first_answer()
    assert store.create_if_absent("m/1.json", b"first")
    assert seen["puts"] == 2
    assert not store.create_if_absent("m/1.json", b"first")


def test_a_conflict_is_tried_again_and_never_taken_for_a_commit(bucket, s3_server, tmp_path, monkeypatch):
    monkeypatch.setattr("learning_warehouse.object_storage.FIRST_WAIT_SECONDS", 0.001)
    store = ObjectStorage(bucket.address, tmp_path)
    s3_server.manner = _conflicts(2)
    assert store.create_if_absent("m/1.json", b"first")
    s3_server.manner = _conflicts(1000)
    with pytest.raises(OSError, match="because of another writer"):
        store.create_if_absent("m/2.json", b"first")
    s3_server.manner = None
    assert store.list("m") == ["m/1.json"]


def test_a_refusal_that_does_not_name_the_condition_is_understood(bucket, s3_server, tmp_path):
    s3_server.manner = _curt
    store = ObjectStorage(bucket.address, tmp_path).checked()
    assert store.create_if_absent("m/1.json", b"first")
    assert not store.create_if_absent("m/1.json", b"second")


def _night(number: int, rows: int) -> int:
    """Drops a file of check-ins, lands, types, audits and admits it; the number of records."""
    folder = settings().drop_folder / "checkins"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"c{number}-{row},E-{row},2026-11-23,yes,no,4,2026-11-27T10:00:00Z\n" for row in range(rows)]
    (folder / f"{number}.csv").write_text(HEADER + "".join(lines))
    now, run_id = FIRST_NIGHT + timedelta(days=number), f"night-{number}"
    receipt = land_and_type("drops.checkins", RunContext(run_id, now))
    assert [verdict.verdict for verdict in audit("signals", run_id, now, storage())] == ["admitted"]
    admit("signals", storage())
    return receipt.records


def test_nights_in_a_bucket_admit_what_nights_in_a_folder_admit(home, bucket, monkeypatch):
    found = {}
    for place, text in (("folder", ""), ("bucket", bucket.address)):
        monkeypatch.setenv("LW_STORAGE", text)
        monkeypatch.setenv("LW_HOME", str(home / place))
        reset_settings()
        records = [_night(0, 40), _night(1, 3)]
        transform.prepare(FIRST_NIGHT + timedelta(days=1))
        files = f"{home}/{place}/admitted/drops/checkins/v=1/*.parquet"
        rows = duckdb.read_parquet(files).order("ALL").fetchall()
        found[place] = records, rows, start_cursor(find("drops.checkins"), storage()), storage().list("admitted")
    assert found["bucket"] == found["folder"]
    assert found["bucket"][0] == [40, 3]
    assert not (home / "bucket" / "raw").exists()
    assert not list((home / "bucket").rglob("*.draft"))
