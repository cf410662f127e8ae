"""Pages to parts to manifest: the step that takes records from a vendor and commits them.

Parts are NDJSON, zstd level 3, one line a record: {"_s":load,"_p":page,"_i":index,"_at":ms,"d":the vendor's own bytes}.
The manifest, created only if absent, is both the commit and the cursor. A run id commits a stream once: landing again
returns the manifest that is there. Killed before the manifest, a try leaves parts that nobody sees.
"""

import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

import msgspec
import zstandard

from learning_warehouse import admission, loads
from learning_warehouse.checkpoints import reach
from learning_warehouse.connections import connection
from learning_warehouse.erasures import eraser
from learning_warehouse.errors import LearningWarehouseError, StopStream, Truncated
from learning_warehouse.sources import SOURCES, as_read, find, is_exported
from learning_warehouse.storage import Storage, storage
from learning_warehouse.streams import BEGINNING, Manifest, Page, Part, Reading, Receipt, RunContext, Stream

logger = logging.getLogger(__name__)
MANIFEST_VERSION = 1
PART_BYTES = 64 * 2**20
ZSTD_LEVEL = 3


def land(stream: Stream, context: RunContext, storage: Storage) -> Manifest:
    """Reads one stream up to `context.now` and commits it; returns this run's manifest if it has one already.

    Raises errors.RetryLater or errors.StopStream; then nothing is committed and the failure is recorded.
    """
    for manifest in reversed(loads.manifests(stream, storage)):
        if manifest.run_id == context.run_id:
            return manifest
    started = datetime.now(UTC)
    failure = loads.failure_key(stream.source, stream.name, context.run_id)
    try:
        manifest = _land(stream, context, storage, started)
    except LearningWarehouseError as error:
        error.source, error.stream = stream.source, stream.name
        storage.write_bytes(failure, _failure(stream, context, error))
        raise
    except Exception as error:
        storage.write_bytes(failure, _failure(stream, context, error))
        raise
    storage.remove(failure)
    logger.info("%s: %d records in %d pages, %d retries", stream.full_name, manifest.records, manifest.pages, manifest.retries)
    return manifest


def land_and_type(name: str, context: RunContext) -> Receipt:
    """Lands and types the stream called `vendor.stream` in this installation's storage."""
    from learning_warehouse.typing_records import type_load

    stream, stored = find(name), storage()
    return type_load(land(stream, context, stored), stored)


def _land(stream: Stream, context: RunContext, storage: Storage, started: datetime) -> Manifest:
    stream = as_read(stream)
    start = admission.start_cursor(stream, storage)
    lower = context.window_start or (start.high_water - stream.lag if start.high_water else BEGINNING)
    cursor = None if context.window_start else start.next_cursor
    with _client(stream) as client:
        reading = Reading(stream, client, min(lower, context.now), context.now, cursor, start.files)
        try:
            attempt = _Attempt(stream, context, storage, start).run(reading)
        except Truncated as error:
            logger.warning("%s: %s; reading once more", stream.full_name, error)
            attempt = _Attempt(stream, context, storage, start).run(reading)
        return attempt.commit(reading, started, getattr(client, "requests", 0), getattr(client, "retries", 0))


def _client(stream: Stream) -> AbstractContextManager[Any]:
    opened = None if is_exported(stream.source) else SOURCES[stream.source].open_client
    return nullcontext() if opened is None else opened(connection(stream.source))


class _Attempt:
    """One reading of a stream into parts under a random name; `commit` makes it the load."""

    def __init__(self, stream: Stream, context: RunContext, storage: Storage, start: admission.StartCursor) -> None:
        committed = loads.manifests(stream, storage)
        self.stream = stream
        self.context = context
        self.storage = storage
        self.seq = committed[-1].seq + 1 if committed else 1
        self.id = uuid.uuid4().hex
        self.parts: list[Part] = []
        self.pages = 0
        self.records = 0
        self.total: int | None = None
        self.files = dict(start.files)
        self.after = start.seq
        self.erased = 0
        self._eraser = eraser(stream, storage)
        self.next_cursor = start.next_cursor
        self.high_water = start.high_water
        self._event_time = _event_time_reader(stream)

    def run(self, reading: Reading) -> "_Attempt":
        """Reads all pages. Raises Truncated when the vendor announced more records than it sent."""
        lines: list[bytes] = []
        size = 0
        for line in self._lines(reading.stream.pages(reading)):
            lines.append(line)
            size += len(line)
            if size >= PART_BYTES:
                self._write_part(lines)
                lines, size = [], 0
        if lines:
            self._write_part(lines)
        if self.total is not None and self.records + self.erased < self.total:
            raise Truncated(f"the vendor announced {self.total} records and sent {self.records + self.erased}.")
        return self

    def _lines(self, pages: Iterator[Page]) -> Iterator[bytes]:
        at = int(self.context.now.timestamp() * 1000)
        for page in pages:
            self._note(page)
            for record in page.records:
                self._note_time(record)
                kept = self._eraser.apply(record) if self._eraser else record
                if kept is None:
                    self.erased += 1
                    continue
                one_line = kept.replace(b"\n", b" ").replace(b"\r", b" ")
                yield b'{"_s":%d,"_p":%d,"_i":%d,"_at":%d,"d":%s}\n' % (self.seq, self.pages, self.records, at, one_line)
                self.records += 1
            self.pages += 1

    def _note(self, page: Page) -> None:
        self.files |= page.files
        self.next_cursor = page.next_cursor or self.next_cursor
        if page.total is not None:
            self.total = (self.total or 0) + page.total

    def _note_time(self, record: bytes) -> None:
        moment = self._event_time(record)
        if moment is not None and (self.high_water is None or moment > self.high_water):
            self.high_water = min(moment, self.context.now)

    def _write_part(self, lines: list[bytes]) -> None:
        index = len(self.parts)
        folder = f"raw/{self.stream.source}/{self.stream.name}/parts/seq={loads.number(self.seq)}/att={self.id}"
        key = f"{folder}/part-{index:05d}.ndjson.zst"
        raw = b"".join(lines)
        packed = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).compress(raw)
        self.storage.write_bytes(key, packed)
        self.parts.append(Part(key, len(lines), len(raw), hashlib.sha256(packed).hexdigest()))
        reach("land.after_part")

    def _extra(self) -> dict[str, Any]:
        """What a few loads have: drop files, the load it goes on from, records of erased people, the mark of a backfill."""
        told: dict[str, Any] = {"files": self.files} if self.files else {}
        if self.after:
            told["after"] = self.after
        if self.erased:
            told["erased"] = self.erased
        return told | ({"backfill": True} if self.context.window_start else {})

    def commit(self, reading: Reading, started: datetime, requests: int, retries: int) -> Manifest:
        """Creates the manifest. When another try was faster: its manifest if it has our run id, else StopStream."""
        stream, context = self.stream, self.context
        manifest = Manifest(
            version=MANIFEST_VERSION,
            source=stream.source,
            stream=stream.name,
            seq=self.seq,
            run_id=context.run_id,
            attempt=self.id,
            mode=stream.mode,
            now=loads.as_text(context.now),
            window_from=loads.as_text(reading.window_from),
            window_to=loads.as_text(reading.window_to),
            cursor_in=reading.cursor,
            next_cursor=self.next_cursor if stream.mode == "cursor" else None,
            high_water=loads.as_text(self.high_water) if stream.mode == "window" and self.high_water else None,
            records=self.records,
            pages=self.pages,
            requests=requests,
            retries=retries,
            vendor_total=None if self.total is None else self.total - self.erased,
            parts=self.parts,
            contract=stream.contract,
            started_at=loads.as_text(started),
            ended_at=loads.as_text(datetime.now(UTC)),
            extra=self._extra(),
        )
        reach("land.before_manifest")
        key = loads.manifest_key(stream.source, stream.name, self.seq)
        if not self.storage.create_if_absent(key, msgspec.json.encode(manifest)):
            others = [other for other in loads.manifests(stream, self.storage) if other.seq == self.seq]
            if others and others[0].run_id == context.run_id:
                return others[0]
            raise StopStream("another run landed this stream at the same time.", what_to_do="Run again.")
        reach("land.after_manifest")
        return manifest


def _event_time_reader(stream: Stream) -> Callable[[bytes], datetime | None]:
    """How new a record says it is; None for what is absent or unreadable (typing will set it aside)."""
    if stream.mode != "window" or stream.cursor_field is None:
        return lambda record: None
    path = stream.column(stream.cursor_field).json_path
    shape: Any = msgspec.defstruct("EventTime", [("moment", Any, None)], rename={"moment": path})
    decoder = msgspec.json.Decoder(shape)

    def read(record: bytes) -> datetime | None:
        try:
            moment = datetime.fromisoformat(decoder.decode(record).moment)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, TypeError, RecursionError, OverflowError):
            return None

    return read


def _failure(stream: Stream, context: RunContext, error: Exception) -> bytes:
    reason = (
        error.reason if isinstance(error, LearningWarehouseError) else f"{type(error).__name__} in our own program; see the log"
    )
    at, now = loads.as_text(datetime.now(UTC)), loads.as_text(context.now)
    return msgspec.json.encode(loads.Failure(stream.source, stream.name, context.run_id, reason, type(error).__name__, at, now))
