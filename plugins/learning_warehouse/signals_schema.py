"""What one line of a drop file must be, as JSON Schema (2020-12), made from the declaration of the stream.

A schema describes one record as JSON: a line of a .jsonl file, a row of a .parquet file, or a line of a .csv file whose texts
were read as the declared types (yes and no are booleans there). A name without a value may be left out or null.
"""

import json
from pathlib import Path
from typing import Any

from learning_warehouse.settings import settings
from learning_warehouse.sources import SOURCES
from learning_warehouse.sources.signals.drop_files import own_columns
from learning_warehouse.streams import Column, Stream

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES: dict[str, dict[str, Any]] = {
    "varchar": {"type": "string"},
    "bigint": {"type": "integer"},
    "double": {"type": "number"},
    "boolean": {"type": "boolean"},
    "timestamp": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
}


def schema(stream: Stream) -> dict[str, Any]:
    """The JSON Schema of one record of a stream; `x-key` is its key, `x-event-time` the column that says when."""
    columns = own_columns(stream)
    return {
        "$schema": DIALECT,
        "title": stream.name,
        "description": stream.meaning,
        "type": "object",
        "properties": {column.name: _property(column) for column in columns},
        "required": [column.name for column in columns if column.required],
        "additionalProperties": False,
        "x-key": list(stream.primary_key),
        "x-event-time": stream.cursor_field,
    }


def _property(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {"description": column.meaning, **TYPES[column.type]}
    if column.values:
        described["enum"] = list(column.values)
    if column.required and column.type == "varchar":
        described["minLength"] = 1
    if column.minimum is not None:
        described["minimum"] = column.minimum
    if column.maximum is not None:
        described["maximum"] = column.maximum
    if not column.required:
        described["type"] = [described["type"], "null"]
        if "enum" in described:
            described["enum"].append(None)
    return described


def schema_text(stream: Stream) -> str:
    """The schema as the committed file has it."""
    return json.dumps(schema(stream), indent=2, ensure_ascii=False) + "\n"


def schema_path(stream: Stream) -> Path:
    """Where the schema of a stream lies in the repository."""
    return settings().repository / "docs" / "signals" / f"{stream.name}.schema.json"


def write_schemas() -> list[Path]:
    """Write every schema that is not as declared; returns what was written."""
    outdated = [stream for stream in SOURCES["drops"].streams.values() if not _is_written(stream)]
    for stream in outdated:
        schema_path(stream).parent.mkdir(parents=True, exist_ok=True)
        schema_path(stream).write_text(schema_text(stream), encoding="utf-8")
    return [schema_path(stream) for stream in outdated]


def _is_written(stream: Stream) -> bool:
    path = schema_path(stream)
    return path.exists() and path.read_text(encoding="utf-8") == schema_text(stream)
