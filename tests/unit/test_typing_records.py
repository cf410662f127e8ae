"""Typing: one explicit rule for each column, and nothing lost without a reason."""

import hashlib
from datetime import UTC, date, datetime

import duckdb
import msgspec
import pytest
import zstandard

from learning_warehouse import loads, quarantine, typing_rows
from learning_warehouse.errors import DamagedLoad
from learning_warehouse.keys import email_key, identity_key
from learning_warehouse.sources import SOURCES, every_stream, find
from learning_warehouse.streams import Manifest, Part
from learning_warehouse.typing_records import type_load, write_empty

KEY = b"a-fixed-key-so-that-hashes-repeat"
TICKET = {
    "id": 1,
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05Z",
    "generated_timestamp": 1767323045,
    "status": "open",
    "requester_id": 7,
}


def _manifest(stored, stream_name, records, seq=1, run_id="run"):
    """Commits records (bytes, or objects) as one load."""
    stream = find(stream_name)
    texts = [record if isinstance(record, bytes) else msgspec.json.encode(record) for record in records]
    raw = b"".join(b'{"_s":%d,"_p":0,"_i":%d,"_at":0,"d":%s}\n' % (seq, index, text) for index, text in enumerate(texts))
    packed = zstandard.compress(raw)
    key = f"raw/{stream.source}/{stream.name}/parts/seq={loads.number(seq)}/att=a/part-00000.ndjson.zst"
    stored.write_bytes(key, packed)
    parts = [Part(key, len(texts), len(raw), hashlib.sha256(packed).hexdigest())] if texts else []
    now = "2026-12-01T01:00:00Z"
    manifest = Manifest(
        version=1, source=stream.source, stream=stream.name, seq=seq, run_id=run_id, attempt="a", mode=stream.mode, now=now,
        window_from=now, window_to=now, cursor_in=None, next_cursor=None, high_water=None, records=len(texts), pages=1,
        requests=1, retries=0, vendor_total=None, parts=parts, contract=1, started_at=now, ended_at=now,
    )  # fmt: skip
    stored.create_if_absent(loads.manifest_key(stream.source, stream.name, seq), msgspec.json.encode(manifest))
    return manifest


def _typed(stored, stream_name, *records):
    receipt = type_load(_manifest(stored, stream_name, records), stored)
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{stored.path(receipt.parquet_key)}', hive_partitioning=false)")
    return receipt, [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


def _set_aside_rows(stored, receipt):
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{stored.path(receipt.set_aside_parquet_key)}', hive_partitioning=false)")
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


def test_every_stream_gives_exactly_its_declared_columns_and_types(stored):
    write_empty({f"empty/{stream.full_name}.parquet": stream for stream in every_stream()}, stored)
    for stream in every_stream():
        found = duckdb.sql(
            f"DESCRIBE SELECT * FROM read_parquet('{stored.path(f'empty/{stream.full_name}.parquet')}', hive_partitioning=false)"
        ).fetchall()
        assert {row[0]: row[1].lower() for row in found} == stream.typed_columns()


def test_load_without_records_is_a_typed_file_without_rows(stored):
    receipt, rows = _typed(stored, "zendesk.tickets")
    assert (receipt.records, receipt.typed, receipt.set_aside, rows) == (0, 0, 0, [])
    columns = duckdb.sql(
        f"DESCRIBE SELECT * FROM read_parquet('{stored.path(receipt.parquet_key)}', hive_partitioning=false)"
    ).fetchall()
    assert {row[0]: row[1].lower() for row in columns} == find("zendesk.tickets").typed_columns()
    assert receipt.newest_event_at is None


def test_nested_values_numbers_and_lists_find_their_columns(stored):
    nested = {
        "via": {"channel": "email", "source": {}},
        "tags": ["kind_how_to", "area_billing"],
        "metric_set": {
            "solved_at": "2026-01-03T00:00:00Z",
            "reopens": 2,
            "reply_time_in_minutes": {"calendar": 15, "business": 3},
        },
    }
    _, (row,) = _typed(stored, "zendesk.tickets", TICKET | nested)
    assert row["via_channel"] == "email"
    assert row["tags"] == '["kind_how_to","area_billing"]'
    assert row["metric_solved_at"] == datetime(2026, 1, 3)
    assert (row["metric_reopens"], row["metric_first_reply_minutes"], row["metric_full_resolution_minutes"]) == (2, 15, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02T03:04:05.123Z", datetime(2026, 1, 2, 3, 4, 5, 123000)),
        ("2026-01-02T03:04:05.000+0000", datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02T03:04:05+00:00", datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02T03:04:05.1234567Z", datetime(2026, 1, 2, 3, 4, 5, 123456)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5)),
        ("2026-01-02T03:04:05.5-0530", datetime(2026, 1, 2, 8, 34, 5, 500000)),
        ("2026-01-01T00:30:00+01", datetime(2025, 12, 31, 23, 30)),
        ("2026-01-02", datetime(2026, 1, 2)),
        (" 2026-01-02T03:04:05Z ", datetime(2026, 1, 2, 3, 4, 5)),
        (639029198450000000, datetime(2026, 1, 2, 3, 4, 5)),
        ("2999-12-31T00:00:00Z", datetime(2999, 12, 31)),
    ],
)
def test_times_of_all_vendor_forms_become_naive_utc(stored, text, expected):
    _, (row,) = _typed(stored, "zendesk.tickets", TICKET | {"updated_at": text})
    assert row["updated_at"] == expected


@pytest.mark.parametrize(
    "value", ["yesterday", "2026-02-30T00:00:00Z", "2026-01-02T25:00:00Z", "02.01.2026", 5, True, {"at": 1}, []]
)
def test_what_is_no_time_is_set_aside_with_column_and_kind(stored, value):
    receipt, rows = _typed(stored, "zendesk.tickets", TICKET, TICKET | {"id": 2, "updated_at": value})
    assert [row["id"] for row in rows] == [1]
    (reason,) = receipt.set_aside_reasons
    assert reason.startswith("updated_at: ")
    assert reason.endswith(" that is not a time")
    assert str(value) not in reason or value in ([], True)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("score", 88.5, 88.5),
        ("score", "88.5", 88.5),
        ("score", "1e2", 100.0),
        ("score", None, None),
        ("score", "  ", None),
        ("score", "n/a", "a text that is not a number"),
        ("score", "88,5", "a text that is not a number"),
        ("score", True, "yes or no that is not a number"),
        ("score", "NaN", "a text that is not a number"),
        ("score", [1], "a list that is not a number"),
        ("status", 3, 3),
        ("status", "3", 3),
        ("status", 3.0, 3),
        ("status", 3.5, "a number that is not a whole number"),
        ("time_spent_ticks", 9223372036854775807, 9223372036854775807),
        ("time_spent_ticks", 9223372036854775808, "a number that is not a whole number"),
        ("is_active", True, True),
        ("is_active", "false", False),
        ("is_active", 1, "a number that is not yes or no"),
        ("is_active", "maybe", "a text that is not yes or no"),
        ("certificate_id", "00123", "00123"),
        ("certificate_id", 9007199254740993, "9007199254740993"),
        ("certificate_id", {"id": 1}, "an object that is not a text"),
        ("certificate_id", "", None),
        ("certificate_id", "=cmd|'/c calc'!A0", "=cmd|'/c calc'!A0"),
        ("certificate_id", "Zoë 😀 \u202e", "Zoë 😀 \u202e"),
    ],
)
def test_each_type_takes_only_what_it_can_hold(stored, column, value, expected):
    keys = {"score": "score", "status": "status", "time_spent_ticks": "timeSpentTicks", "is_active": "isActive"}
    base = {
        "id": "e1",
        "courseId": "c",
        "userId": "u",
        "status": 3,
        "dateAdded": "2026-01-01T00:00:00Z",
        "dateEdited": "2026-01-01T00:00:00Z",
    }
    receipt, rows = _typed(stored, "absorb.enrollments", base | {keys.get(column, "certificateId"): value})
    if isinstance(expected, str) and " that is not " in expected:
        assert receipt.set_aside_reasons == {f"{column}: {expected}": 1}
    else:
        assert rows[0][column] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024-03-01", date(2024, 3, 1)), ("0000-00-00", None), ("", None), ("2024-03-01T00:00:00Z", date(2024, 3, 1))],
)
def test_dates_and_the_unset_date(stored, text, expected):
    _, (row,) = _typed(stored, "bamboohr.employees", {"employeeId": "1", "status": "Active", "hireDate": text})
    assert row["hire_date"] == expected


def test_required_column_without_value_is_set_aside(stored):
    receipt, rows = _typed(stored, "zendesk.tickets", TICKET, {**TICKET, "id": None}, {**TICKET, "status": " "}, {"id": 5})
    assert len(rows) == 1
    assert receipt.set_aside_reasons == {"id: missing": 1, "status: missing": 1, "created_at: missing": 1}
    assert receipt.typed + receipt.set_aside == receipt.records == 4


BAD_RECORDS = {
    "not UTF-8": (b'{"id":"\xff\xfe"}', "the record is not UTF-8"),
    "half a surrogate pair": (b'{"id":"\\ud800x"}', "the record is not valid JSON"),
    "number beyond any range": (b'{"id":1e400}', "the record is not valid JSON"),
    "a NUL": (b'{"id":1,"status":"a\\u0000b"}', "the record holds a NUL character"),
    "a key twice": (b'{"id":1,"id":2}', "a key comes twice in the record"),
    "an inner key twice": (b'{"id":1,"via":{"channel":"a","channel":"b"}}', "a key comes twice in the record"),
    "no object": (b"[1,2]", "the record is not an object"),
    "a bare text": (b'"x"', "the record is not an object"),
    "deep nesting": (b'{"id":' + b"[" * 400 + b"]" * 400 + b"}", "the record is nested too deeply"),
    "very deep nesting": (b'{"id":' + b"[" * 3000 + b"]" * 3000 + b"}", "the record is nested too deeply"),
    "too big": (b'{"id":"' + b"x" * (4 * 2**20) + b'"}', "the record is bigger than 4 MB"),
}


@pytest.mark.parametrize("name", BAD_RECORDS)
def test_one_unreadable_record_is_set_aside_and_the_others_are_typed(stored, name):
    record, reason = BAD_RECORDS[name]
    receipt, rows = _typed(stored, "zendesk.tickets", TICKET, record, TICKET | {"id": 3})
    assert [(row["id"], row["_index"]) for row in rows] == [(1, 0), (3, 2)]
    assert receipt.set_aside_reasons == {reason: 1}
    (listed,) = quarantine.set_aside(stored)
    assert (listed.source, listed.stream, listed.index, listed.reason) == ("zendesk", "tickets", 1, reason)
    (row,) = _set_aside_rows(stored, receipt)
    assert (row["_index"], row["_reason"], row["id"]) == (1, reason, None)


def test_escaped_backslash_is_no_nul(stored):
    _, rows = _typed(stored, "zendesk.tickets", TICKET | {"priority": "C:\\u0000"})
    assert rows[0]["priority"] == "C:\\u0000"


def test_set_aside_file_has_the_typed_columns_and_the_reason(stored):
    receipt, _ = _typed(stored, "zendesk.tickets", TICKET, TICKET | {"id": 2, "updated_at": "never"})
    (row,) = _set_aside_rows(stored, receipt)
    assert list(row) == [*find("zendesk.tickets").typed_columns(), "_reason"]
    assert (row["id"], row["updated_at"], row["status"], row["_seq"]) == (2, None, "open", 1)


def test_people_become_keys_and_addresses_do_not_reach_the_typed_file(stored):
    users = [
        {"id": str(number), "emailAddress": address, "dateAdded": "2026-01-01", "dateEdited": "2026-01-01"}
        for number, address in enumerate(
            ["Ann.Lee@Halden.example", "ann.lee@halden.example ", "", None, "no-address", "ann.lee@halden.example"]
        )
    ]
    receipt, rows = _typed(stored, "absorb.users", *users)
    same = email_key(KEY, "ann.lee@halden.example")
    assert [row["email_address_key"] for row in rows] == [same, same, None, None, email_key(KEY, "no-address"), same]
    assert [row["email_address_domain"] for row in rows] == ["halden.example", "halden.example", None, None, "", "halden.example"]
    assert [row["identity_key"] for row in rows] == [identity_key(KEY, "absorb.users", str(number)) for number in range(6)]
    assert receipt.null_counts["email_address_key"] == 2
    for key in (receipt.parquet_key, receipt.set_aside_parquet_key):
        content = stored.read_bytes(key).lower()
        assert b"ann.lee" not in content
        assert b'email_address"' not in content


def test_untypable_address_gives_a_reason_without_the_value(stored):
    receipt, _ = _typed(
        stored,
        "zendesk.users",
        {
            "id": 1,
            "email": {"a": "ann@halden.example"},
            "role": "end-user",
            "created_at": "2026-01-01",
            "updated_at": "2026-01-01",
        },
    )
    assert receipt.set_aside_reasons == {"email: an object that is not a text": 1}


def test_unknown_keys_and_nulls_are_counted(stored):
    receipt, _ = _typed(
        stored, "zendesk.tickets", TICKET | {"brand_new": 1, "subject": "known, not typed"}, TICKET | {"brand_new": 2, "<b>": 1}
    )
    assert receipt.unknown_keys == {"<b>": 1, "brand_new": 2}
    assert receipt.null_counts["priority"] == 2
    assert receipt.null_counts["id"] == 0
    assert receipt.newest_event_at == "2026-01-02T03:04:05Z"


def test_typing_again_changes_nothing(stored):
    manifest = _manifest(stored, "zendesk.tickets", [TICKET, TICKET | {"id": "x"}])
    first = type_load(manifest, stored)
    before = {key: stored.read_bytes(key) for key in stored.list("")}
    assert type_load(manifest, stored) == first
    assert {key: stored.read_bytes(key) for key in stored.list("")} == before


def test_typing_goes_on_after_a_kill_between_file_and_receipt(stored):
    manifest = _manifest(stored, "zendesk.tickets", [TICKET])
    first = type_load(manifest, stored)
    stored.remove(loads.receipt_key(find("zendesk.tickets"), 1))
    assert type_load(manifest, stored) == first


def test_many_batches_keep_the_order_of_the_records(stored, monkeypatch):
    monkeypatch.setattr(typing_rows, "CHUNK", 7)
    monkeypatch.setattr(typing_rows, "NARROWED_BYTES", 500)
    _, rows = _typed(stored, "zendesk.tickets", *[TICKET | {"id": number} for number in range(50)])
    assert [row["id"] for row in rows] == [row["_index"] for row in rows] == list(range(50))


def test_damaged_or_missing_part_is_refused(stored):
    manifest = _manifest(stored, "zendesk.tickets", [TICKET])
    key = manifest.parts[0].key
    content = bytearray(stored.read_bytes(key))
    content[len(content) // 2] ^= 1
    stored.write_bytes(key, bytes(content))
    with pytest.raises(DamagedLoad, match="damaged"):
        type_load(manifest, stored)
    stored.remove(key)
    with pytest.raises(DamagedLoad, match="missing"):
        type_load(manifest, stored)


def test_loaded_at_is_the_night_and_not_the_wall_clock(stored):
    _, (row,) = _typed(stored, "zendesk.tickets", TICKET)
    assert row["_loaded_at"] == datetime(2026, 12, 1, 1)
    assert row["_loaded_at"] != datetime.now(UTC).replace(tzinfo=None)
    assert (row["_source"], row["_seq"]) == ("zendesk", 1)


def test_employee_rows_stay_json(stored):
    record = {
        "employeeId": "123",
        "lastChanged": "2026-01-02T10:00:00+00:00",
        "rows": [{"date": "2024-03-01", "jobTitle": "Agent"}],
    }
    _, (row,) = _typed(stored, "bamboohr.job_info", record)
    assert msgspec.json.decode(row["rows"]) == record["rows"]


def test_all_sources_are_declared_under_their_own_name():
    assert all(
        stream.source == vendor and stream.name == name
        for vendor, source in SOURCES.items()
        for name, stream in source.streams.items()
    )
