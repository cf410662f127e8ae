"""What a company has admitted over its nights against one whole reading of the same vendors without a fault.

The newest version of every record must be the same in every column, but for those that tell of the load. A record that only
the nights have is one that the vendor tells no longer; a record that was set aside on the way is in no table, and counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from learning_warehouse.sources import find
from learning_warehouse.streams import Stream

OF_THE_LOAD = ("_source", "_seq", "_index", "_loaded_at")


@dataclass(frozen=True, slots=True)
class Compared:
    """One stream: rows equal, rows that differ or are missing, and keys that the vendor tells no longer."""

    stream: str
    equal: int
    differing: int
    gone: int
    example: str = ""


def compare(name: str, home: Path, whole: Path) -> Compared:
    """Compare a stream as admitted in `home` with its typed rows in `whole`."""
    stream = find(name)
    folder = f"{stream.source}/{stream.name}/v={stream.contract}"
    ours = newest(stream, f"{home}/admitted/{folder}/*.parquet")
    theirs = newest(stream, f"{whole}/typed/{folder}/*.parquet")
    keys = ", ".join(f'"{key}"' for key in stream.primary_key)
    with duckdb.connect() as connection:
        connection.execute(f"create table ours as {ours}")
        connection.execute(f"create table theirs as {theirs}")
        wrong = connection.execute("select * from theirs except all select * from ours limit 1").fetchall()
        counted = connection.execute(
            f"""select (select count(*) from theirs),
            (select count(*) from (select * from theirs except all select * from ours)),
            (select count(*) from (select {keys} from ours except select {keys} from theirs))"""
        ).fetchall()[0]
        example = _example(connection, stream, wrong[0]) if wrong else ""
    total, differing, gone = counted
    return Compared(name, total - differing, differing, gone, example)


def newest(stream: Stream, glob: str) -> str:
    """SQL of the newest version of every record, as staging takes it."""
    keys = ", ".join(f'"{key}"' for key in stream.primary_key)
    rows = f"read_parquet('{glob}', hive_partitioning = false)"
    order = f'"{stream.cursor_field}" desc nulls last, _seq desc, _index desc'
    where = ""
    if stream.mode == "snapshot":
        where, order = f"where _seq = (select max(_seq) from {rows})", "_index desc"
    elif stream.source == "drops" or stream.cursor_field is None:
        order = "_seq desc, _index desc"
    numbered = f"select *, row_number() over (partition by {keys} order by {order}) as place from {rows} {where}"
    return f"select {', '.join(_columns(stream))} from ({numbered}) where place = 1"


def _columns(stream: Stream) -> Iterator[str]:
    for name, kind in stream.typed_columns().items():
        if name not in OF_THE_LOAD:
            yield f'"{name}"::varchar as "{name}"' if kind == "json" else f'"{name}"'


def _example(connection: duckdb.DuckDBPyConnection, stream: Stream, row: tuple) -> str:
    """The first row that differs, beside what the nights have for its key."""
    names = [name for name in stream.typed_columns() if name not in OF_THE_LOAD]
    expected = dict(zip(names, row, strict=True))
    where = " and ".join(f'"{key}" = ?' for key in stream.primary_key)
    found = connection.execute(f"select * from ours where {where}", [expected[key] for key in stream.primary_key]).fetchall()
    key = [expected[name] for name in stream.primary_key]
    if not found:
        return f"{key} is missing"
    ours = dict(zip(names, found[0], strict=True))
    return f"{key}: " + "; ".join(
        f"{name} {ours[name]!r} is {expected[name]!r}" for name in names if ours[name] != expected[name]
    )
