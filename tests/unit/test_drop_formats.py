"""Drop files as JSON lines and Parquet: the same rows as from CSV, and the same line-exact reasons."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from learning_warehouse import quarantine
from learning_warehouse.landing import land_and_type
from learning_warehouse.settings import settings
from learning_warehouse.streams import Receipt, RunContext

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
HEADER = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at"
GOOD = (
    '{"checkin_id":"c1","employee_id":"E-1","week_start":"2026-11-23","manager_asked":true,"answered_at":"2026-11-27T10:00:00Z"}'
)
AS_COLUMNS = (
    "SELECT 'c1' AS checkin_id, 'E-1' AS employee_id, DATE '2026-11-23' AS week_start, true AS manager_asked, "
    "NULL::BOOLEAN AS used_learning, NULL::TINYINT AS confidence, TIMESTAMP '2026-11-27 10:00:00' AS answered_at"
)


@pytest.fixture
def folder(stored):
    path = settings().drop_folder / "checkins"
    path.mkdir(parents=True)
    return path


def land() -> Receipt:
    return land_and_type("drops.checkins", RunContext("r", NOW))


def typed(receipt: Receipt, stored) -> list[tuple]:
    rows = duckdb.read_parquet(stored.path(receipt.parquet_key)).order("_index")
    return rows.project(f"{HEADER}, _file, _line").fetchall()


def write_parquet(path: Path, query: str) -> None:
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def test_csv_json_lines_and_parquet_give_the_same_row(folder, stored):
    (folder / "a.csv").write_text(f"{HEADER}\nc1,E-1,2026-11-23,yes,,,2026-11-27T10:00:00Z\n")
    (folder / "b.jsonl").write_text(GOOD + "\n")
    write_parquet(folder / "c.parquet", AS_COLUMNS)
    rows = typed(land(), stored)
    values = ("c1", "E-1", date(2026, 11, 23), True, None, None, datetime(2026, 11, 27, 10))
    assert rows == [(*values, "a.csv", 2), (*values, "b.jsonl", 1), (*values, "c.parquet", 1)]


BAD_LINES = {
    "cut": ('{"checkin_id":"c2"', "not a JSON object"),
    "a list": ("[1, 2]", "not a JSON object"),
    "not UTF-8": (b'{"checkin_id":"\xff"}', "not UTF-8"),
    "a name nobody declared": (GOOD.replace("manager_asked", "boss_asked"), f"the names must be among {HEADER}"),
    "an object for a text": (GOOD.replace('"E-1"', '{"id":"E-1"}'), "employee_id: an object that is not a text"),
    "a number for a flag": (GOOD.replace("true", "1"), "manager_asked: a number that is not yes or no"),
    "key missing": (GOOD.replace('"checkin_id":"c1",', ""), "checkin_id: missing"),
    "a name twice": (GOOD.replace("{", '{"checkin_id":"c0",'), "a key comes twice in the record"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_json_line_is_set_aside_with_file_line_and_reason(folder, stored, name):
    line, reason = BAD_LINES[name]
    raw = line if isinstance(line, bytes) else line.encode()
    (folder / "a.jsonl").write_bytes(GOOD.encode() + b"\n\n" + raw + b"\n")
    receipt = land()
    assert (receipt.records, receipt.typed, receipt.set_aside) == (2, 1, 1)
    (listed,) = quarantine.set_aside(stored, "drops", "checkins")
    assert (listed.place, listed.reason) == ("a.jsonl line 3", reason)


def test_a_bad_parquet_row_is_set_aside_with_its_number(folder, stored):
    write_parquet(folder / "a.parquet", f"{AS_COLUMNS} UNION ALL ({AS_COLUMNS.replace(chr(39) + 'c1' + chr(39), 'NULL')})")
    receipt = land()
    assert (receipt.typed, receipt.set_aside) == (1, 1)
    (listed,) = quarantine.set_aside(stored, "drops", "checkins")
    assert (listed.place, listed.reason) == ("a.parquet line 2", "checkin_id: missing")


def test_a_parquet_time_with_a_zone_becomes_utc(folder, stored):
    there, here = "TIMESTAMP '2026-11-27 10:00:00'", "TIMESTAMPTZ '2026-11-27 10:00:00+02'"
    write_parquet(folder / "a.parquet", AS_COLUMNS.replace(there, here))
    assert typed(land(), stored)[0][6] == datetime(2026, 11, 27, 8)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", b"\n \n", "the file is empty"),
        ("a.parquet", b"PAR1 but not really", "not a Parquet file"),
        ("a.csv", b"", "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_set_aside(folder, stored, name, content, reason):
    (folder / name).write_bytes(content)
    assert (land().typed, [item.reason for item in quarantine.set_aside(stored)]) == (0, [reason])


def test_a_parquet_file_with_other_columns_is_set_aside_whole(folder, stored):
    write_parquet(folder / "a.parquet", "SELECT 'c1' AS checkin_id, 1 AS colour")
    assert land().set_aside_reasons == {f"the header must be {HEADER}": 1}


def test_a_parquet_file_may_have_brackets_and_stars_in_its_name(folder, stored):
    write_parquet(folder / "plain.parquet", AS_COLUMNS)
    (folder / "plain.parquet").rename(folder / "a[1]*?.parquet")
    assert [row[-2] for row in typed(land(), stored)] == ["a[1]*?.parquet"]


def test_files_of_other_kinds_are_left_alone(folder, stored):
    for name in ("a.xlsx", "a.json", "a.CSV.part", "notes.txt"):
        (folder / name).write_text(GOOD)
    assert land().records == 0


def test_a_stream_without_files_shares_the_empty_file_of_its_first_night(stored):
    from learning_warehouse import admission

    admission.ensure_empty(stored)
    receipt = land_and_type("drops.course_skills", RunContext("r", NOW))
    empty = stored.path("admitted/drops/course_skills/v=1/00000000.parquet")
    assert (receipt.records, receipt.set_aside_parquet_key) == (0, "")
    assert Path(stored.path(receipt.parquet_key)).samefile(empty)


def test_a_date_may_be_the_time_of_a_stream(stored):
    folder = settings().drop_folder / "course_skills"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("course_code,skill_code,valid_from\nAGT-1,billing,2026-01-05\n")
    assert land_and_type("drops.course_skills", RunContext("r", NOW)).newest_event_at == "2026-01-05T00:00:00Z"
