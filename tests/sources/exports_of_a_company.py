"""Writes what a vendor's API answered as the CSV exports that an example mapping of docs/exports describes."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import zstandard

from learning_warehouse.exports.mapping import Cell, ExportedStream
from learning_warehouse.streams import Column, Manifest, Stream


def landed_records(manifest: Manifest, stored: Any) -> Iterator[dict[str, Any]]:
    """The records of a load as the vendor sent them."""
    for part in manifest.parts:
        for line in zstandard.ZstdDecompressor().decompress(stored.read_bytes(part.key)).splitlines():
            yield msgspec.json.decode(line)["d"]


def write_export(folder: Path, stream: Stream, mapping: ExportedStream, records: list[dict[str, Any]]) -> Path:
    """One CSV file that the mapping reads back into the same records."""
    path = folder / mapping.files.replace("*", "_2026-11")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding=mapping.encoding) as file:
        writer = csv.DictWriter(file, list(mapping.headers), delimiter=mapping.delimiter)
        writer.writeheader()
        for record in records:
            cells = _cells(mapping, stream, mapping.columns, record)
            for row in record["rows"] if mapping.rows else [{}]:
                writer.writerow({**cells, **_cells(mapping, None, mapping.rows, row)})
    return path


def _cells(mapping: ExportedStream, stream: Stream | None, cells: dict[str, Cell], record: dict[str, Any]) -> dict[str, str]:
    written = {}
    for name, cell in cells.items():
        if cell.header is not None:
            column = stream.column(name) if stream else Column(name, "date" if cell.format else "varchar")
            value: Any = record
            for step in column.json_path.split("."):
                value = (value or {}).get(step)
            written[cell.header] = _text(mapping, cell, column, value)
    return written


def _text(mapping: ExportedStream, cell: Cell, column: Column, value: Any) -> str:
    if value is None:
        return ""
    for word, meaning in cell.values.items():
        if meaning == value and isinstance(meaning, bool) == isinstance(value, bool):
            return word
    if cell.split:
        return cell.split.join(value)
    if cell.multiply:
        return repr(value / cell.multiply)
    pattern = cell.format or mapping.format
    if pattern and (cell.format or column.type in ("date", "timestamp")):
        moment = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else datetime.fromisoformat(value)
        if column.type != "date":
            moment = moment.astimezone(ZoneInfo(cell.time_zone or mapping.time_zone))
        return moment.strftime(pattern)
    return str(value).replace(".", ",") if column.type == "double" and mapping.decimal == "," else str(value)
