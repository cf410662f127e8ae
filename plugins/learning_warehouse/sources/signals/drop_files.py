"""How a stream of the drop folder is declared and how its files are read: CSV, JSON lines or Parquet.

Contract: <drop folder>/<stream>/*.csv, *.jsonl or *.parquet, with exactly the declared names in any order.
CSV: UTF-8, comma, one header line, one record a line (no line breaks inside quotes), times ISO 8601 with Z, yes or no for
flags, blank for nothing. JSON lines: one object a line; values are texts as in CSV or JSON's own numbers and booleans, and a
name without a value may be left out. Parquet: typed columns or texts; times without a zone are UTC.
A file is read again only when its content changed since the last admitted load; write it under a name that starts with a
dot and rename it. A record is one line as JSON with `_file` and `_line` (Parquet: the number of the row); a line that is no
such record lands with its `_problem` and is set aside with file, line and reason. The others are not held back by it.
Deletes: none; a corrected line is sent again with the same key.
Alone: put a file into var/drops/checkins/ and run `lw land drops.checkins`.
"""

import csv
import glob
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from learning_warehouse.settings import settings
from learning_warehouse.streams import Column, Page, Reading, Stream

FILE_AND_LINE = (Column("_file", required=True), Column("_line", "bigint", required=True))
RECORDS_PER_PAGE = 10_000
ROWS_PER_FETCH = 10_000


def drop_stream(name: str, key: tuple[str, ...], cursor_field: str, meaning: str, *columns: Column) -> Stream:
    """One stream of the drop folder; `meaning` says what one line is."""
    typed = (*columns, *FILE_AND_LINE)
    return Stream(
        "drops", "signals", name, "cursor", _pages, key, cursor_field, typed, untyped_keys=("_problem",), meaning=meaning
    )


def own_columns(stream: Stream) -> tuple[Column, ...]:
    """The columns that a file must have: all declared ones but file and line."""
    return stream.columns[: -len(FILE_AND_LINE)]


def files_in(folder: Path) -> list[Path]:
    """The finished files of a folder that we can read, by name; hidden, linked and unknown ones are left alone."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if path.suffix in READERS and _is_finished(path))


def _is_finished(path: Path) -> bool:
    return path.name[0] != "." and path.is_file() and not path.is_symlink()


def _pages(reading: Reading) -> Iterator[Page]:
    """One page or more for each new or changed file, in the order of their names."""
    names = tuple(column.name for column in own_columns(reading.stream))
    for path in files_in(settings().drop_folder / reading.stream.name):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if reading.files_seen.get(path.name) == digest:
            continue
        records = list(DropFile(path, content, names))
        for start in range(0, max(1, len(records)), RECORDS_PER_PAGE):
            yield Page(records[start : start + RECORDS_PER_PAGE], files={path.name: digest})
    yield Page([])


@dataclass(frozen=True, slots=True)
class DropFile:
    """The records of one file as JSON, in order; `columns` are the names it must have."""

    path: Path
    content: bytes
    columns: tuple[str, ...]

    def __iter__(self) -> Iterator[bytes]:
        return READERS[self.path.suffix](self)

    def header_problem(self, header: list[str]) -> str | None:
        """What is wrong with the names of a file; None when they are the declared ones."""
        return None if sorted(header) == sorted(self.columns) else f"the header must be {','.join(self.columns)}"

    def record(self, number: int, values: dict[str, Any], problem: str | None = None) -> bytes:
        """One record with its place, and with its problem if it has one."""
        place = {"_file": self.path.name, "_line": number}
        return msgspec.json.encode({**values, **place, **({"_problem": problem} if problem else {})})


def _csv_records(file: DropFile) -> Iterator[bytes]:
    lines = file.content.removeprefix(b"\xef\xbb\xbf").splitlines()
    header, problem = csv_cells(lines[0]) if lines else ([], "the file is empty")
    if problem := problem or file.header_problem(header):
        yield file.record(1, {}, problem)
        return
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            cells, problem = csv_cells(line)
            if not problem and len(cells) != len(header):
                problem = f"{len(cells)} values where {len(header)} are declared"
            yield file.record(number, dict(zip(header, cells, strict=False)), problem)


def csv_cells(line: bytes, delimiter: str = ",") -> tuple[list[str], str | None]:
    """The values of one line, and what is wrong with it."""
    try:
        return next(csv.reader([line.decode("utf-8")], delimiter=delimiter, strict=True), []), None
    except UnicodeDecodeError:
        return [], "not UTF-8"
    except csv.Error as error:
        return [], f"not a CSV line: {error}"


def _json_records(file: DropFile) -> Iterator[bytes]:
    lines = file.content.removeprefix(b"\xef\xbb\xbf").splitlines()
    if not any(line.strip() for line in lines):
        yield file.record(1, {}, "the file is empty")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _json_record(file, number, line.strip())


def _json_record(file: DropFile, number: int, line: bytes) -> bytes:
    """The line's own bytes with its place in front, so that later checks see what was sent."""
    try:
        value = msgspec.json.decode(line)
    except UnicodeDecodeError:
        return file.record(number, {}, "not UTF-8")
    except (msgspec.MsgspecError, RecursionError):
        return file.record(number, {}, "not a JSON object")
    if not isinstance(value, dict):
        return file.record(number, {}, "not a JSON object")
    if set(value) - set(file.columns):
        return file.record(number, {}, f"the names must be among {','.join(file.columns)}")
    place = file.record(number, {})
    return place[:-1] + b"," + line[1:] if value else place


def _parquet_records(file: DropFile) -> Iterator[bytes]:
    import duckdb

    with duckdb.connect() as database:
        try:
            rows = database.read_parquet(glob.escape(str(file.path)), hive_partitioning=False)
            if problem := file.header_problem(rows.columns):
                yield file.record(1, {}, problem)
                return
            rows = rows.project(", ".join(_as_utc(name, str(kind)) for name, kind in zip(rows.columns, rows.types, strict=True)))
            for number, row in enumerate(_fetched(rows), start=1):
                named = zip(rows.columns, row, strict=True)
                yield file.record(number, {name: value for name, value in named if value is not None})
        except duckdb.Error:
            yield file.record(1, {}, "not a Parquet file")


def _fetched(rows: Any) -> Iterator[tuple[Any, ...]]:
    while batch := rows.fetchmany(ROWS_PER_FETCH):
        yield from batch


def _as_utc(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    return f"make_timestamp(epoch_us({quoted})) AS {quoted}" if kind == "TIMESTAMP WITH TIME ZONE" else quoted


READERS: dict[str, Callable[[DropFile], Iterator[bytes]]] = {
    ".csv": _csv_records,
    ".jsonl": _json_records,
    ".parquet": _parquet_records,
}
