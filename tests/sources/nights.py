"""Nights of one stream for tests that compare typed rows with the ledger: land, type, admit, and read back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import duckdb
import msgspec

from learning_warehouse import admission, loads
from learning_warehouse.landing import land
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Manifest, Reading, Receipt, RunContext, Stream
from learning_warehouse.typing_records import type_load

Row = dict[str, Any]


def night(stream: Stream, now: datetime, stored: Storage) -> tuple[Manifest, Receipt]:
    """One night of a stream, admitted."""
    manifest = land(stream, RunContext(now.isoformat(), now), stored)
    receipt = type_load(manifest, stored)
    verdict = loads.StoredVerdict(
        stream.source, stream.name, manifest.seq, manifest.run_id, manifest.now, "admitted", None, [], 1, 1, manifest.records, 0
    )
    assert stored.create_if_absent(loads.verdict_key(stream.source, stream.name, manifest.seq), msgspec.json.encode(verdict))
    admission.admit(stream.domain, stored)
    return manifest, receipt


def typed_rows(stream: Stream, stored: Storage, seq: int | None = None) -> list[Row]:
    """The admitted rows of one load, or of all loads."""
    number = "*" if seq is None else loads.number(seq)
    folder = stored.path(f"admitted/{stream.source}/{stream.name}/v={stream.contract}")
    found = duckdb.sql(f"SELECT * FROM read_parquet('{folder}/{number}.parquet', hive_partitioning=false)")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def newest(rows: list[Row], key: str = "id") -> dict[Any, Row]:
    """The newest version of each record; of equals the one that came last."""
    return {row[key]: row for row in sorted(rows, key=lambda row: (row["updated_at"], row["_seq"], row["_index"]))}


def spoiled(stream: Stream, spoil: Callable[[Row], Row]) -> Stream:
    """The stream as if the vendor had changed a field of every record from one day to the next."""

    def read(reading: Reading) -> Any:
        for page in stream.pages(reading):
            yield replace(page, records=[msgspec.json.encode(spoil(msgspec.json.decode(record))) for record in page.records])

    return replace(stream, pages=read)


def naive(moment: datetime | None) -> datetime | None:
    """A moment as typed rows hold it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def happened(moment: datetime | None, now: datetime) -> bool:
    """Whether something was known at `now`."""
    return moment is not None and moment < now
