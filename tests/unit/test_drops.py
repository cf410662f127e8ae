"""Drop files: good lines land, bad lines are set aside with file, line and reason, files are read once."""

from datetime import UTC, date, datetime

import duckdb
import msgspec
import pytest

from learning_warehouse import admission, loads, quarantine
from learning_warehouse.landing import land_and_type
from learning_warehouse.settings import settings
from learning_warehouse.sources import find
from learning_warehouse.streams import RunContext

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
HEADER = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at"
GOOD = "c1,E-1,2026-11-23,yes,no,4,2026-11-27T10:00:00Z"


@pytest.fixture
def drop(stored):
    def _drop(name, *lines, stream="checkins"):
        folder = settings().drop_folder / stream
        folder.mkdir(parents=True, exist_ok=True)
        content = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
        (folder / name).write_bytes(content + b"\n")
        return folder / name

    return _drop


def _rows(receipt, stored):
    rows = duckdb.sql(
        f"SELECT * FROM read_parquet('{stored.path(receipt.parquet_key)}', hive_partitioning=false) ORDER BY _index"
    )
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


def _land(run_id="r"):
    return land_and_type("drops.checkins", RunContext(run_id, NOW))


def _admit(receipt, stored, verdict="admitted"):
    judged = loads.StoredVerdict("drops", "checkins", receipt.seq, "r", receipt.now, verdict, None, [], 0, 0, 0, 0)
    stored.create_if_absent(loads.verdict_key("drops", "checkins", receipt.seq), msgspec.json.encode(judged))
    admission.admit("signals", stored)


def test_a_good_line_becomes_one_typed_row_that_knows_its_line(drop, stored):
    drop("a.csv", HEADER, GOOD, "c2,E-2,2026-11-23,,,,2026-11-27T10:00:00Z")
    first, second = _rows(_land(), stored)
    assert (first["checkin_id"], first["week_start"], first["manager_asked"], first["used_learning"], first["confidence"]) == (
        "c1",
        date(2026, 11, 23),
        True,
        False,
        4,
    )
    assert (first["_file"], first["_line"]) == ("a.csv", 2)
    assert (second["manager_asked"], second["confidence"], second["_line"]) == (None, None, 3)


BAD_LINES = {
    "too few values": ("c2,E-1,2026-11-23", "3 values where 7 are declared"),
    "too many values": (GOOD + ",extra", "8 values where 7 are declared"),
    "unreadable date": ("c2,E-1,23.11.2026,yes,no,4,2026-11-27T10:00:00Z", "week_start: a text that is not a date"),
    "unreadable flag": ("c2,E-1,2026-11-23,perhaps,no,4,2026-11-27T10:00:00Z", "manager_asked: a text that is not yes or no"),
    "key missing": (",E-1,2026-11-23,yes,no,4,2026-11-27T10:00:00Z", "checkin_id: missing"),
    "open quote": ('"c2,E-1,2026-11-23,yes,no,4,2026-11-27T10:00:00Z', "not a CSV line: unexpected end of data"),
    "not UTF-8": (b"c2,\xff,2026-11-23,yes,no,4,2026-11-27T10:00:00Z", "not UTF-8"),
    "a NUL": (b"c\x002,E-1,2026-11-23,yes,no,4,2026-11-27T10:00:00Z", "the record holds a NUL character"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_set_aside_with_file_line_and_reason_and_holds_nothing_back(drop, stored, name):
    line, reason = BAD_LINES[name]
    drop("a.csv", HEADER, GOOD, line, GOOD.replace("c1", "c3"))
    receipt = _land()
    assert (receipt.records, receipt.typed, receipt.set_aside) == (3, 2, 1)
    (listed,) = quarantine.set_aside(stored, "drops", "checkins")
    assert (listed.place, listed.reason) == ("a.csv line 3", reason)
    assert [row["checkin_id"] for row in _rows(receipt, stored)] == ["c1", "c3"]


@pytest.mark.parametrize("header", ["", HEADER.replace("confidence", "confidance"), HEADER + ",more", HEADER.replace(",", ";")])
def test_a_file_with_another_header_is_set_aside_whole(drop, stored, header):
    drop("a.csv", header, GOOD, GOOD)
    receipt = _land()
    assert (receipt.typed, receipt.set_aside) == (0, 1)
    (listed,) = quarantine.set_aside(stored)
    assert listed.place == "a.csv line 1"


def test_columns_in_another_order_and_a_byte_order_mark_are_fine(drop, stored):
    names = HEADER.split(",")
    drop("a.csv", b"\xef\xbb\xbf" + ",".join(reversed(names)).encode(), ",".join(reversed(GOOD.split(","))))
    (row,) = _rows(_land(), stored)
    assert row["checkin_id"] == "c1"


def test_no_file_is_a_load_of_no_records(stored):
    receipt = _land()
    assert (receipt.records, receipt.typed) == (0, 0)


def test_a_file_is_read_once_after_admission_and_again_when_it_changed(drop, stored):
    drop("a.csv", HEADER, GOOD)
    _admit(_land("1"), stored)
    assert _land("2").records == 0
    drop("b.csv", HEADER, GOOD.replace("c1", "c2"))
    third = _land("3")
    assert [row["_file"] for row in _rows(third, stored)] == ["b.csv"]
    _admit(third, stored)
    drop("a.csv", HEADER, GOOD, GOOD.replace("c1", "c9"))
    assert [row["checkin_id"] for row in _rows(_land("4"), stored)] == ["c1", "c9"]


def test_files_of_a_rejected_load_are_read_again(drop, stored):
    drop("a.csv", HEADER, GOOD)
    _admit(_land("1"), stored, "rejected")
    assert _land("2").records == 1


def test_unfinished_hidden_and_linked_files_are_not_read(drop, stored, tmp_path):
    drop(".a.csv", HEADER, GOOD)
    drop("a.csv.part", HEADER, GOOD)
    secret = tmp_path / "secret.csv"
    secret.write_text(f"{HEADER}\n{GOOD}\n")
    (settings().drop_folder / "checkins" / "link.csv").symlink_to(secret)
    assert _land().records == 0


def test_every_declared_drop_column_is_asked_of_the_header():
    assert [column.name for column in find("drops.checkins").columns[:-2]] == HEADER.split(",")
