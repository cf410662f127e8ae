"""Manifest to typed Parquet: explicit types, keyed hashes for people, records that do not fit set aside with a reason.

typed + set aside = manifest.records, always. The Parquet file is written aside and linked into place, then the receipt is
created; a killed try leaves nothing that anyone reads, and repeating it gives the same rows. Times are naive UTC.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import duckdb
import msgspec
import zstandard

from learning_warehouse import loads
from learning_warehouse.checkpoints import reach
from learning_warehouse.errors import DamagedLoad
from learning_warehouse.record_checks import RecordChecks
from learning_warehouse.sources import find
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Manifest, Part, Receipt, Stream
from learning_warehouse.typing_rows import TypedRows
from learning_warehouse.typing_sql import literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OUR_KEYS = {"_file", "_line", "_problem"}
RECORD_STARTS = b'"d":'
PARQUET = "(FORMAT parquet, COMPRESSION zstd)"


def type_load(manifest: Manifest, storage: Storage) -> Receipt:
    """Types one landed load and returns its receipt; a load that has a receipt is left as it is.

    Raises DamagedLoad when a part is missing or differs from the manifest.
    """
    stream = find(f"{manifest.source}.{manifest.stream}")
    existing = loads.receipt(stream, manifest.seq, storage)
    if existing is not None and (existing.attempt == manifest.attempt or "erased" not in manifest.extra):
        return existing
    if existing is not None:
        _forget(stream, manifest.seq, storage)
    if manifest.records == 0:
        return _type_nothing(stream, manifest, storage)
    with duckdb.connect(config={"threads": 1}) as database:
        return _Typing(stream, manifest, storage, database).run()


def write_empty(files: Mapping[str, Stream], storage: Storage) -> None:
    """Under each key a Parquet file with the typed columns of its stream and no rows, created unless it is there."""
    with duckdb.connect() as database:
        for key, stream in files.items():
            columns = ", ".join(f"NULL::{kind} AS {quoted(name)}" for name, kind in stream.typed_columns().items())
            draft = storage.draft(key)
            database.execute(f"COPY (SELECT {columns} LIMIT 0) TO {literal(draft)} {PARQUET}")
            storage.adopt(draft, key)


def raw_lines(manifest: Manifest, storage: Storage) -> Iterator[bytes]:
    """Every landed line of a load, without its line end. Raises DamagedLoad when a part is missing or was changed."""
    for part in manifest.parts:
        for line in BytesIO(_whole_part(part, storage)):
            yield line.removesuffix(b"\n")


def _forget(stream: Stream, seq: int, storage: Storage) -> None:
    """Removes all rows of a load that an erasure has revised, under every contract; the receipt goes last."""
    name, place = loads.number(seq), f"{stream.source}/{stream.name}"
    for zone in ("admitted", "rejected", "quarantine", "typed"):
        for key in storage.list(f"{zone}/{place}"):
            if key.rpartition("/")[2] in (f"{name}.parquet", f"{name}.ndjson"):
                storage.remove(key)
    reach("erase.before_receipts")
    for key in storage.list(f"typed/{place}"):
        if key.endswith(f"/_receipts/{name}.json"):
            storage.remove(key)


def _type_nothing(stream: Stream, manifest: Manifest, storage: Storage) -> Receipt:
    """A load without records costs no query: it shares the empty file that every stream has from its first night on."""
    key = f"{loads.typed_folder(stream)}/{loads.number(manifest.seq)}.parquet"
    empty = f"admitted/{stream.source}/{stream.name}/v={stream.contract}/{loads.number(0)}.parquet"
    if storage.exists(empty):
        storage.link(empty, key)
    else:
        write_empty({key: stream}, storage)
    reach("type.before_receipt")
    names = [name for name in stream.typed_columns() if not name.startswith("_")]
    receipt = Receipt(
        source=manifest.source,
        stream=manifest.stream,
        seq=manifest.seq,
        run_id=manifest.run_id,
        now=manifest.now,
        contract=stream.contract,
        records=0,
        typed=0,
        set_aside=0,
        set_aside_reasons={},
        unknown_keys={},
        null_counts=dict.fromkeys(names, 0),
        vendor_total=manifest.vendor_total,
        newest_event_at=None,
        parquet_key=key,
        set_aside_parquet_key="",
        attempt=manifest.attempt,
    )
    storage.create_if_absent(loads.receipt_key(stream, manifest.seq), msgspec.json.encode(receipt))
    return receipt


class _Typing:
    def __init__(self, stream: Stream, manifest: Manifest, storage: Storage, database: "DuckDBPyConnection") -> None:
        self.stream = stream
        self.manifest = manifest
        self.storage = storage
        self.database = database
        self.checks = RecordChecks(reads_problem_key="files" in manifest.extra)
        self.unreadable: dict[int, str] = {}
        self.reasons: dict[int, str] = {}

    def run(self) -> Receipt:
        rows = TypedRows(self.stream, self.database, self._records, self.checks, self._stamps())
        rows.fill()
        self.unreadable = rows.unreadable
        found = self.database.execute("SELECT _index, _reason FROM typed WHERE _reason IS NOT NULL").fetchall()
        self.reasons = dict(sorted({**self.unreadable, **dict(found)}.items()))
        folder, name = loads.typed_folder(self.stream), loads.number(self.manifest.seq)
        parquet_key, set_aside_key = f"{folder}/{name}.parquet", f"{folder}/_set_aside/{name}.parquet"
        self._write_set_aside(set_aside_key)
        self._write_typed(parquet_key)
        receipt = self._receipt(parquet_key, set_aside_key)
        reach("type.before_receipt")
        key = loads.receipt_key(self.stream, self.manifest.seq)
        self.storage.create_if_absent(key, msgspec.json.encode(receipt))
        return receipt

    def _records(self) -> Iterator[bytes]:
        """Every landed record, in order."""
        count = 0
        for line in raw_lines(self.manifest, self.storage):
            yield line[line.index(RECORD_STARTS) + len(RECORD_STARTS) : -1]
            count += 1
        if count != self.manifest.records:
            raise DamagedLoad(
                f"{count} records are landed where the manifest says {self.manifest.records}.", what_to_do="Land it again."
            )

    def _stamps(self) -> str:
        now = datetime.fromisoformat(self.manifest.now).astimezone(UTC).replace(tzinfo=None)
        source = literal(self.manifest.source)
        return f"{source} AS _source, {self.manifest.seq}::INTEGER AS _seq, TIMESTAMP {literal(str(now))} AS _loaded_at"

    def _write_typed(self, key: str) -> None:
        draft = self.storage.draft(key)
        rows = "SELECT * EXCLUDE (_reason) FROM typed WHERE _reason IS NULL ORDER BY _index"
        self.database.execute(f"COPY ({rows}) TO {literal(draft)} {PARQUET}")
        reach("type.after_parquet_temp")
        reach("type.before_parquet_link")
        self.storage.adopt(draft, key)
        reach("type.after_parquet_link")

    def _write_set_aside(self, key: str) -> None:
        """The set-aside rows with typed columns for the audit, and the records themselves with their reasons for people."""
        self.database.execute("CREATE TABLE set_aside AS FROM typed WHERE _reason IS NOT NULL")
        if self.unreadable:
            indexes, reasons = list(self.unreadable), list(self.unreadable.values())
            self.database.execute(
                "INSERT INTO set_aside BY NAME SELECT unnest(?::BIGINT[]) AS _index, unnest(?::VARCHAR[]) AS _reason, "
                f"{literal(self.manifest.source)} AS _source, {self.manifest.seq} AS _seq",
                [indexes, reasons],
            )
        draft = self.storage.draft(key)
        self.database.execute(f"COPY (SELECT * FROM set_aside ORDER BY _index) TO {literal(draft)} {PARQUET}")
        self.storage.adopt(draft, key)
        place = f"quarantine/{self.manifest.source}/{self.manifest.stream}/{loads.number(self.manifest.seq)}.ndjson"
        if not self.reasons:
            self.storage.remove(place)
            return
        lines = [
            _quarantine_line(index, self.reasons[index], record)
            for index, record in enumerate(self._records())
            if index in self.reasons
        ]
        self.storage.write_bytes(place, b"\n".join(lines) + b"\n")

    def _receipt(self, parquet_key: str, set_aside_key: str) -> Receipt:
        names = [name for name in self.stream.typed_columns() if not name.startswith("_")]
        nulls = ", ".join(f"count(*) - count({quoted(name)})" for name in names)
        is_list = self.stream.mode == "snapshot"
        keys = f"count(DISTINCT ({', '.join(map(quoted, self.stream.primary_key))}))" if is_list else "NULL"
        counted = self.database.execute(f"SELECT count(*), {keys}, {nulls} FROM typed WHERE _reason IS NULL")
        typed, different, *missing = counted.fetchall()[0]
        if typed + len(self.reasons) != self.manifest.records:
            raise DamagedLoad(f"{typed} typed and {len(self.reasons)} set aside are not {self.manifest.records} records.")
        known = {column.json_path.split(".")[0] for column in self.stream.columns} | set(self.stream.untyped_keys) | OUR_KEYS
        return Receipt(
            source=self.manifest.source,
            stream=self.manifest.stream,
            seq=self.manifest.seq,
            run_id=self.manifest.run_id,
            now=self.manifest.now,
            contract=self.stream.contract,
            records=self.manifest.records,
            typed=typed,
            set_aside=len(self.reasons),
            set_aside_reasons=dict(Counter(self.reasons.values()).most_common()),
            unknown_keys=self.checks.unknown_keys(known),
            null_counts=dict(zip(names, missing, strict=True)),
            vendor_total=self.manifest.vendor_total,
            newest_event_at=self._newest(),
            parquet_key=parquet_key,
            set_aside_parquet_key=set_aside_key,
            attempt=self.manifest.attempt,
            keys=different,
        )

    def _newest(self) -> str | None:
        field = self.stream.cursor_field
        if field is None:
            return None
        is_date = self.stream.column(field).type == "date"
        newest_value = f"max({quoted(field)}){'::TIMESTAMP' if is_date else ''}"
        newest = self.database.execute(f"SELECT {newest_value} FROM typed WHERE _reason IS NULL").fetchall()[0][0]
        if newest is None:
            return None
        moment = datetime.fromtimestamp(newest, UTC) if isinstance(newest, int) else newest.replace(tzinfo=UTC)
        return loads.as_text(moment)


def _whole_part(part: Part, storage: Storage) -> bytes:
    try:
        packed = storage.read_bytes(part.key)
    except FileNotFoundError:
        raise DamagedLoad(f"{os.path.basename(part.key)} of a landed load is missing.", what_to_do="Land it again.") from None
    if hashlib.sha256(packed).hexdigest() != part.sha256:
        raise DamagedLoad(f"{os.path.basename(part.key)} of a landed load is damaged.", what_to_do="Land it again.")
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=part.raw_bytes)


def _quarantine_line(index: int, reason: str, record: bytes) -> bytes:
    line: dict[str, object] = {"reason": reason, "index": index}
    try:
        value = msgspec.json.decode(record)
        if isinstance(value, dict) and "_file" in value and "_line" in value:
            line |= {"file": value["_file"], "line": value["_line"]}
        line["record"] = value
        return msgspec.json.encode(line)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return msgspec.json.encode(line | {"record": record.decode("utf-8", errors="backslashreplace")})
