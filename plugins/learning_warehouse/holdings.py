"""What this installation holds of a stream: the newest version of each record, and whether the vendor still has it.

A record is gone when the vendor says so in the record itself, or when a sweep found its key missing after the record had
reached us for the last time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from learning_warehouse.storage import Storage
from learning_warehouse.streams import Receipt, Stream
from learning_warehouse.typing_sql import literal, quoted

DELETIONS = "deletions"


@dataclass(frozen=True, slots=True)
class Held:
    """Keys as text: records that live, and those that a sweep has found gone."""

    live: frozenset[str]
    gone: frozenset[str]


def held_keys(stream: Stream, storage: Storage) -> Held:
    """The keys of all admitted records of a stream; those that the vendor itself tells to be deleted are in neither set."""
    import duckdb

    with duckdb.connect() as database:
        rows = database.execute(_newest(stream, storage, ())).fetchall()
    live = frozenset(key for key, told_gone, swept in rows if not told_gone and not swept)
    return Held(live, frozenset(key for key, told_gone, swept in rows if swept and not told_gone))


def held_records(stream: Stream, receipt: Receipt, storage: Storage) -> int:
    """How many records live in the admitted loads and this one together."""
    import duckdb

    with duckdb.connect() as database:
        found = _newest(stream, storage, [storage.local(receipt.parquet_key)])
        return int(database.execute(f"SELECT count(*) FROM ({found}) WHERE NOT told_gone AND NOT swept").fetchall()[0][0])


def _newest(stream: Stream, storage: Storage, further: Sequence[str]) -> str:
    """SELECT key, told_gone, swept: one row per record."""
    keys = [quoted(name) for name in stream.primary_key]
    cursor = quoted(stream.cursor_field) if stream.cursor_field else "_seq"
    told = stream.holdings.told_gone if stream.holdings else "false"
    order = f"ORDER BY {cursor} DESC NULLS LAST, _seq DESC, _index DESC"
    versions = (
        f"SELECT concat_ws('|', {', '.join(f'CAST({key} AS VARCHAR)' for key in keys)}) AS key, "
        f"coalesce({told}, false) AS told_gone, _loaded_at "
        f"FROM {_files(stream, storage, further)} "
        f"QUALIFY row_number() OVER (PARTITION BY {', '.join(keys)} {order}) = 1"
    )
    deletions = _deletions(stream.source)
    if deletions is None:
        return f"SELECT key, told_gone, false AS swept FROM ({versions})"
    noticed = (
        f"SELECT record_key, is_gone, _loaded_at FROM {_files(deletions, storage, ())} "
        f"WHERE stream = {literal(stream.name)} "
        "QUALIFY row_number() OVER (PARTITION BY record_key ORDER BY _loaded_at DESC, _seq DESC, _index DESC) = 1"
    )
    return (
        "SELECT key, told_gone, coalesce(noticed.is_gone AND noticed._loaded_at > versions._loaded_at, false) AS swept "
        f"FROM ({versions}) AS versions LEFT JOIN ({noticed}) AS noticed ON noticed.record_key = versions.key"
    )


def _deletions(source: str) -> Stream | None:
    from learning_warehouse.sources import find_source

    return find_source(source).streams.get(DELETIONS)


def _files(stream: Stream, storage: Storage, further: Sequence[str]) -> str:
    from learning_warehouse.admission import ensure_empty

    folder = f"admitted/{stream.source}/{stream.name}/v={stream.contract}"
    if not storage.list(folder):
        ensure_empty(storage)
    found = [storage.local(key) for key in storage.list(folder) if key.endswith(".parquet")]
    paths = ", ".join(literal(path) for path in [*found, *further])
    return f"read_parquet([{paths}], union_by_name=true, hive_partitioning=false)"
