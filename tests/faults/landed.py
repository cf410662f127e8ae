"""Scripted nights for one stream: records in, typed rows out, each load admitted as a good audit would."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import duckdb
import msgspec

from learning_warehouse import admission, loads
from learning_warehouse.landing import land
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Page, Receipt, RunContext, Stream
from learning_warehouse.typing_records import type_load

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)


def night(stream: Stream, records: list[Any], stored: Storage, run_id: str = "night", now: datetime = NOW) -> Receipt:
    """Lands, types and admits one load of a stream; a record is bytes as they came, or an object."""
    texts = [record if isinstance(record, bytes) else msgspec.json.encode(record) for record in records]
    scripted = replace(stream, pages=lambda reading: iter([Page(texts)]), holdings=None)
    receipt = type_load(land(scripted, RunContext(run_id, now), stored), stored)
    admit(stream, receipt, stored)
    return receipt


def admit(stream: Stream, receipt: Receipt, stored: Storage) -> None:
    """Gives a load the verdict `admitted` and its place."""
    verdict = loads.StoredVerdict(
        stream.source, stream.name, receipt.seq, receipt.run_id, receipt.now, "admitted", None, [], 1, 1, receipt.records, 0
    )
    stored.create_if_absent(loads.verdict_key(stream.source, stream.name, receipt.seq), msgspec.json.encode(verdict))
    stored.link(receipt.parquet_key, admission.admitted_key(stream, receipt.seq))


def rows(receipt: Receipt, stored: Storage) -> list[dict[str, Any]]:
    """The typed rows of one load, in the order of its records."""
    found = duckdb.sql(
        f"SELECT * FROM read_parquet('{stored.path(receipt.parquet_key)}', hive_partitioning=false) ORDER BY _index"
    )
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def admitted(stream: Stream, stored: Storage) -> str:
    """The pattern under which the models find the admitted loads of a stream."""
    return stored.path(f"admitted/{stream.source}/{stream.name}/v={stream.contract}/*.parquet")
