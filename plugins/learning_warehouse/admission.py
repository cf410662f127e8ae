"""Audited loads to admitted or rejected, and where the next load of a stream begins.

An admitted load is a second name of its typed file, created only if absent, below admitted/; that is all dbt ever reads.
The start of a load is the cursor of the last admitted one, so a rejected load is asked for again. A load that went on from
one that was rejected later counts for readers, not for the cursor: the vendor is asked again from before the hole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from learning_warehouse import loads
from learning_warehouse.checkpoints import reach
from learning_warehouse.resets import reset_after
from learning_warehouse.sources import every_stream, sources_of
from learning_warehouse.storage import Storage
from learning_warehouse.storage import storage as storage_of_this_installation
from learning_warehouse.streams import Manifest, Stream


@dataclass(frozen=True, slots=True)
class StartCursor:
    """Where a load begins: the vendor's token, the newest time seen (aware UTC), the drop files already admitted.

    `seq` is the load that told it, 0 for the beginning.
    """

    next_cursor: str | None = None
    high_water: datetime | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    seq: int = 0


@dataclass(frozen=True, slots=True)
class AdmissionResult:
    """What admission did with one load; `is_new` is False when an earlier try had done it already."""

    source: str
    stream: str
    seq: int
    verdict: loads.VerdictName
    key: str
    is_new: bool


def start_cursor(stream: Stream, storage: Storage) -> StartCursor:
    """The cursor of the last admitted load that hangs on admitted loads only; empty before the first and after a reset."""
    manifest = _last_connected(stream, storage)
    if manifest is None:
        return StartCursor()
    high_water = datetime.fromisoformat(manifest.high_water) if manifest.high_water else None
    return StartCursor(manifest.next_cursor, high_water, dict(manifest.extra.get("files", {})), manifest.seq)


def _last_connected(stream: Stream, storage: Storage) -> Manifest | None:
    since = reset_after(stream, storage)
    waiting = [manifest for manifest in loads.manifests(stream, storage) if manifest.seq > since]
    if not since and not loads.judged_again(stream, storage):
        return next((one for one in reversed(waiting) if _counts(one, stream, storage)), None)
    connected: dict[int, Manifest | None] = {0: None}
    for manifest in waiting:
        if manifest.extra.get("after", 0) in connected and _counts(manifest, stream, storage):
            connected[manifest.seq] = manifest
    return connected[max(connected)]


def _counts(manifest: Manifest, stream: Stream, storage: Storage) -> bool:
    verdict = None if loads.is_backfill(manifest) else loads.verdict(stream, manifest.seq, storage)
    return verdict is not None and verdict.verdict != "rejected"


def admit(domain: str, storage: Storage) -> list[AdmissionResult]:
    """Puts every judged load of a domain in its place, in order; repeating it changes nothing.

    admitted and empty -> admitted/<source>/<stream>/v=<contract>/<seq>.parquet; rejected -> rejected/<source>/<stream>/<seq>/,
    and what was admitted before is taken out. Only loads that were placed by this call are in the result.
    """
    ensure_empty(storage)
    results = []
    for source in sources_of(domain):
        for stream in source.streams.values():
            results += [_place(stream, receipt.seq, storage) for receipt in loads.receipts(stream, storage)]
    return [result for result in results if result is not None and result.is_new]


def place_again(storage: Storage) -> list[AdmissionResult]:
    """Puts the loads that were judged more than once where their last verdict says, in case that was interrupted."""
    results = [_place(stream, seq, storage) for stream in every_stream() for seq in loads.judged_again(stream, storage)]
    return [result for result in results if result is not None and result.is_new]


def _place(stream: Stream, seq: int, storage: Storage) -> AdmissionResult | None:
    verdict, receipt = loads.verdict(stream, seq, storage), loads.receipt(stream, seq, storage)
    if verdict is None or receipt is None:
        return None
    place = _reject if verdict.verdict == "rejected" else _admit
    return place(stream, verdict, receipt.parquet_key, storage)


def admitted_key(stream: Stream, seq: int) -> str:
    """Where an admitted load lies; number 0 is the empty file that every stream has."""
    return f"admitted/{stream.source}/{stream.name}/v={stream.contract}/{loads.number(seq)}.parquet"


def ensure_empty(storage: Storage | None = None) -> None:
    """Gives every declared stream one admitted Parquet file without rows, because a pattern without files is an error."""
    from learning_warehouse.typing_records import write_empty

    storage = storage or storage_of_this_installation()

    files = {admitted_key(stream, 0): stream for stream in every_stream()}
    missing = {key: stream for key, stream in files.items() if not storage.exists(key)}
    if missing:
        write_empty(missing, storage)


def _admit(stream: Stream, verdict: loads.StoredVerdict, parquet_key: str, storage: Storage) -> AdmissionResult:
    key = admitted_key(stream, verdict.seq)
    is_new = not storage.exists(key)
    if is_new:
        reach("admit.before_link")
        is_new = storage.link(parquet_key, key)
        reach("admit.after_link")
    return AdmissionResult(stream.source, stream.name, verdict.seq, verdict.verdict, key, is_new)


def _reject(stream: Stream, verdict: loads.StoredVerdict, parquet_key: str, storage: Storage) -> AdmissionResult:
    folder = f"rejected/{stream.source}/{stream.name}/{loads.number(verdict.seq)}"
    key = f"{folder}/{loads.number(verdict.seq)}.parquet"
    is_new = not storage.exists(f"{folder}/verdict.json")
    if is_new:
        reach("admit.before_link")
        storage.link(parquet_key, key)
        is_new = storage.create_if_absent(f"{folder}/verdict.json", msgspec.json.encode(verdict))
        reach("admit.after_link")
    if storage.exists(admitted_key(stream, verdict.seq)):
        reach("reject.before_removal")
        storage.remove(admitted_key(stream, verdict.seq))
        is_new = True
    return AdmissionResult(stream.source, stream.name, verdict.seq, verdict.verdict, key, is_new)
