"""Files of an export to records shaped as the vendor's API sends them, one JSON object each, with `_file` and `_line`.

A record has only the keys that the mapping names, at the JSON paths that the stream declares. A value that cannot be
translated stays as it is, so that typing sets the record aside with file, line and reason.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from learning_warehouse.errors import ConfigurationError, StopStream
from learning_warehouse.exports.mapping import HOW, Cell, ExportedStream, header_place
from learning_warehouse.settings import settings
from learning_warehouse.streams import Column, Page, Reading, Stream

RECORDS_PER_PAGE = 10_000
COMMA_NUMBER = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")


@dataclass(frozen=True, slots=True)
class ExportPages:
    """Reads one exported stream: every new or changed file; of a stream that sends everything each time, the newest by name."""

    mapping: ExportedStream

    def __call__(self, reading: Reading) -> Iterator[Page]:
        files = export_files(self.mapping)
        if not files and not reading.files_seen:
            raise StopStream(f"no file in {settings().export_folder} matches {self.mapping.files}.", what_to_do=HOW)
        sends_everything = reading.stream.mode == "snapshot"
        for path in files[-1:] if sends_everything else files:
            name, content = _name(path), path.read_bytes()
            digest = hashlib.sha256(content + msgspec.json.encode(self.mapping.model_dump())).hexdigest()
            if sends_everything or reading.files_seen.get(name) != digest:
                records = list(ExportFile(reading.stream, self.mapping, name, content, reading.window_to).records())
                for start in range(0, max(1, len(records)), RECORDS_PER_PAGE):
                    yield Page(records[start : start + RECORDS_PER_PAGE], files={name: digest})
        yield Page([])


def export_files(mapping: ExportedStream) -> list[Path]:
    """The finished files of a mapping, by name; hidden and linked ones are left alone."""
    found = settings().export_folder.glob(mapping.files)
    return sorted(path for path in found if path.name[0] != "." and path.is_file() and not path.is_symlink())


def _name(path: Path) -> str:
    return path.relative_to(settings().export_folder).as_posix()


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export. `night` (aware UTC) is when it is read."""

    stream: Stream
    mapping: ExportedStream
    name: str
    content: bytes
    night: datetime

    def check_header(self, header: list[str]) -> None:
        """Raises ConfigurationError naming every header that the mapping asks for and the file lacks, or has twice."""
        problems = []
        for asked, (part, name) in self.mapping.headers.items():
            if header.count(asked) != 1:
                where = header_place(self.stream.source, self.stream, part, name)
                problems.append(f"{where}: the header {asked!r} is {'there more than once' if asked in header else 'not there'}")
        if problems:
            told = ";\n".join(problems)
            raise ConfigurationError(f"{told}.\n{self.name} line 1 has: {', '.join(header)}.", what_to_do=HOW)

    def records(self) -> Iterator[bytes]:
        """The records as JSON, in order; a history has one record per key with all its lines."""
        lines = self._lines()
        if not self.mapping.rows:
            for number, cells, problem in lines:
                yield self._encode(number, self._record(cells) if not problem else {}, problem)
            return
        keys = [self.mapping.columns[column] for column in self.stream.primary_key]
        grouped: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]] = {}
        for number, cells, problem in lines:
            if problem:
                yield self._encode(number, {}, problem)
            else:
                grouped.setdefault(tuple(cells.get(key.header or "", "") for key in keys), []).append((number, cells))
        for members in grouped.values():
            number, first = members[0]
            yield self._encode(number, {**self._record(first), "rows": [self._row(cells) for _, cells in members]}, None)

    def _lines(self) -> Iterator[tuple[int, dict[str, str], str | None]]:
        """Line number, cells by header, and what is wrong with the line. A quoted cell may hold line breaks."""
        encoding = "utf-8-sig" if self.mapping.encoding.lower().replace("_", "-") == "utf-8" else self.mapping.encoding
        try:
            text = self.content.decode(encoding)
        except UnicodeDecodeError:
            yield 1, {}, f"not {self.mapping.encoding}; the mapping may say another encoding, e.g. cp1252"
            return
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.mapping.delimiter, strict=True)
        header: list[str] | None = None
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                yield number, {}, f"not a CSV line: {error}"
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                self.check_header(header)
            elif any(cell.strip() for cell in cells):
                problem = None if len(cells) == len(header) else f"{len(cells)} values where the header has {len(header)}"
                yield number, dict(zip(header, cells, strict=False)), problem
        if header is None:
            yield 1, {}, "the file is empty"

    def _encode(self, number: int, record: dict[str, Any], problem: str | None) -> bytes:
        place = {"_file": self.name, "_line": number}
        return msgspec.json.encode({**record, **place, **({"_problem": problem} if problem else {})})

    def _record(self, cells: dict[str, str]) -> dict[str, Any]:
        """The record as the vendor would send it: each value at the JSON path of its column."""
        record: dict[str, Any] = {}
        for name, cell in self.mapping.columns.items():
            column = self.stream.column(name)
            value = self._value(cell, column, cells)
            if value is not None:
                *above, last = column.json_path.split(".")
                inner = record
                for step in above:
                    inner = inner.setdefault(step, {})
                inner[last] = value
        return record

    def _row(self, cells: dict[str, str]) -> dict[str, Any]:
        """One line of a history; a cell with a format is a date, and a time when the format has hours."""
        made = {}
        for name, cell in self.mapping.rows.items():
            has_hours = any(mark in (cell.format or "") for mark in ("%H", "%I"))
            kind: Any = "timestamp" if has_hours else "date" if cell.format else "varchar"
            value = self._value(cell, Column(name, kind), cells)
            if value is not None:
                made[name] = value
        return made

    def _value(self, cell: Cell, column: Column, cells: dict[str, str]) -> Any:
        if cell.constant is not None:
            return cell.constant
        if cell.night:
            return _as_written(self.night, column)
        text = cells.get(cell.header or "", "").strip()
        if not text:
            return None
        if text in cell.values:
            return cell.values[text]
        if cell.split:
            return [part.strip() for part in text.split(cell.split) if part.strip()]
        if column.type in ("date", "timestamp") or cell.format:
            return _moment(text, column, cell.format or self.mapping.format, cell.time_zone or self.mapping.time_zone)
        if column.type in ("bigint", "double"):
            return _number(text, column, self.mapping.decimal, cell.multiply)
        return text


def _number(text: str, column: Column, decimal: str, multiply: float | None) -> str | float:
    """The text with a point as its decimal mark, multiplied if asked; the text as it is when it is no number."""
    plain = text
    if decimal == ",":
        if not COMMA_NUMBER.fullmatch(text):
            return f"{text} (not a number with a decimal comma)"
        plain = text.replace(".", "").replace(",", ".")
    if multiply is None:
        return plain
    try:
        product = float(plain) * multiply
        return round(product) if column.type == "bigint" else product
    except (ValueError, OverflowError):
        return text


def _moment(text: str, column: Column, pattern: str | None, zone: str) -> str | int:
    """ISO 8601 in UTC, for a whole number seconds since 1970, or the text as it is when it does not fit."""
    try:
        moment = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)  # noqa: DTZ007 - zoned below
    except ValueError:
        return text
    if column.type == "date":
        return moment.date().isoformat()
    return _as_written(moment.replace(tzinfo=ZoneInfo(zone)) if moment.tzinfo is None else moment, column)


def _as_written(moment: datetime, column: Column) -> str | int:
    return int(moment.timestamp()) if column.type == "bigint" else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
