"""The drop folder: coaching events, weekly check-ins and pilot assignments as CSV files that people or tools put there.

Contract: <drop folder>/<stream>/*.csv, UTF-8, comma, one header line with exactly the declared columns in any order, one
record a line (no line breaks inside quotes), times ISO 8601 with Z, yes or no for flags, blank for nothing. A file is read
again only when its content changed since the last admitted load; write it under a name that starts with a dot and rename it.
A record is one line as JSON of texts with `_file` and `_line`; a line that is no such record lands with its `_problem`
and is set aside with file, line and reason. The other lines of the file are not held back by it.
Deletes: none; a corrected line is sent again with the same key.
Alone: put a file into var/drops/checkins/ and run `lw land drops.checkins`.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from learning_warehouse.settings import settings
from learning_warehouse.streams import Column, Page, Reading, Source, Stream

FILE_AND_LINE = (Column("_file", required=True), Column("_line", "bigint", required=True))
RECORDS_PER_PAGE = 10_000


def _pages(reading: Reading) -> Iterator[Page]:
    """One page or more for each new or changed file, in the order of their names."""
    folder = settings().drop_folder / reading.stream.name
    files = sorted(path for path in folder.glob("*.csv") if path.is_file() and not path.is_symlink() and path.name[0] != ".")
    for path in files:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if reading.files_seen.get(path.name) == digest:
            continue
        records = list(DropFile(path, content, tuple(column.name for column in reading.stream.columns[: -len(FILE_AND_LINE)])))
        for start in range(0, max(1, len(records)), RECORDS_PER_PAGE):
            yield Page(records[start : start + RECORDS_PER_PAGE], files={path.name: digest})
    yield Page([])


@dataclass(frozen=True, slots=True)
class DropFile:
    """The records of one file; `columns` are the names its header must have."""

    path: Path
    content: bytes
    columns: tuple[str, ...]

    def __iter__(self) -> Iterator[bytes]:
        lines = self.content.removeprefix(b"\xef\xbb\xbf").splitlines()
        header, problem = _cells(lines[0]) if lines else ([], "the file is empty")
        if problem or sorted(header) != sorted(self.columns):
            yield self._record(1, {}, problem or f"the header must be {','.join(self.columns)}")
            return
        for number, line in enumerate(lines[1:], start=2):
            if line.strip():
                yield self._line(number, line, header)

    def _line(self, number: int, line: bytes, header: list[str]) -> bytes:
        cells, problem = _cells(line)
        if not problem and len(cells) != len(header):
            problem = f"{len(cells)} values where {len(header)} are declared"
        return self._record(number, dict(zip(header, cells, strict=False)), problem)

    def _record(self, number: int, values: dict[str, str], problem: str | None) -> bytes:
        place = {"_file": self.path.name, "_line": number}
        return msgspec.json.encode({**values, **place, **({"_problem": problem} if problem else {})})


def _cells(line: bytes) -> tuple[list[str], str | None]:
    """The values of one line, and what is wrong with it."""
    try:
        return next(csv.reader([line.decode("utf-8")], strict=True), []), None
    except UnicodeDecodeError:
        return [], "not UTF-8"
    except csv.Error as error:
        return [], f"not a CSV line: {error}"


def _stream(name: str, key: tuple[str, ...], cursor_field: str, columns: tuple[Column, ...]) -> Stream:
    return Stream(
        "drops", "signals", name, "cursor", _pages, key, cursor_field, (*columns, *FILE_AND_LINE), untyped_keys=("_problem",)
    )


COACHING_EVENTS = _stream("coaching_events", ("event_id",), "occurred_at", (
    Column("event_id", required=True), Column("coach_employee_id", required=True),
    Column("coachee_employee_id", required=True), Column("occurred_at", "timestamp", required=True),
    Column("event_type", required=True), Column("has_learning_topic", "boolean", required=True),
    Column("program_code"), Column("minutes", "bigint"),
))  # fmt: skip
CHECKINS = _stream("checkins", ("checkin_id",), "answered_at", (
    Column("checkin_id", required=True), Column("employee_id", required=True), Column("week_start", "date", required=True),
    Column("manager_asked", "boolean"), Column("used_learning", "boolean"), Column("confidence", "bigint"),
    Column("answered_at", "timestamp", required=True),
))  # fmt: skip
PILOT_ASSIGNMENTS = _stream("pilot_assignments", ("pilot_id", "team_manager_employee_id"), "assigned_at", (
    Column("pilot_id", required=True), Column("team_manager_employee_id", required=True), Column("arm", required=True),
    Column("assigned_at", "timestamp", required=True), Column("stratum"), Column("randomized", "boolean", required=True),
))  # fmt: skip

SOURCE = Source(
    "drops", "Drop folder", "signals", {stream.name: stream for stream in (COACHING_EVENTS, CHECKINS, PILOT_ASSIGNMENTS)}
)
