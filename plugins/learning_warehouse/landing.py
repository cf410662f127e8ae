"""Pages to parts to manifest: the step that takes records from a vendor and commits them.

Parts are NDJSON, zstd level 3, one line a record: {"_s":load,"_p":page,"_i":index,"_at":ms,"d":the vendor's own bytes}.
The manifest, created only if absent, is both the commit and the cursor. A run id commits a stream once: landing again
returns the manifest that is there. Killed before the manifest, a try leaves parts that nobody sees.
"""

import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

import msgspec
import zstandard

from learning_warehouse import admission, loads
from learning_warehouse.checkpoints import reach
from learning_warehouse.connections import connection
from learning_warehouse.erasures import eraser
from learning_warehouse.errors import BadAnswer, CredentialsRefused, LearningWarehouseError, StopStream, Truncated
from learning_warehouse.paging import ContractBroken
from learning_warehouse.sources import as_read, find, find_source, is_exported
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
    failure = loads.failure_key(stream.source, stream.name, context.run_id)
    committed = loads.manifests(stream, storage)
    for manifest in reversed(committed):
        if manifest.run_id == context.run_id:
            storage.remove(failure)
            return manifest
    started = datetime.now(UTC)
    try:
        manifest = _land(stream, context, storage, started, committed)
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


def _land(stream: Stream, context: RunContext, storage: Storage, started: datetime, committed: list[Manifest]) -> Manifest:
    stream = as_read(stream)
    _refuse_what_is_newer(committed)
    seq = committed[-1].seq + 1 if committed else 1
    start = admission.start_cursor(stream, storage)
    lower = context.window_start or (start.high_water - stream.lag if start.high_water else BEGINNING)
    cursor = None if context.window_start else start.next_cursor
    with _client(stream) as client:
        reading = Reading(stream, client, min(lower, context.now), context.now, cursor, start.files, storage)
        counted = None if context.window_start else _counted(reading)
        try:
            attempt = _Attempt(stream, context, storage, start, seq).run(reading)
        except Truncated as error:
            logger.warning("%s: %s; reading once more", stream.full_name, error)
            attempt = _Attempt(stream, context, storage, start, seq).run(reading)
        attempt.counted = counted
        return attempt.commit(reading, started, getattr(client, "requests", 0), getattr(client, "retries", 0))


def _refuse_what_is_newer(committed: list[Manifest]) -> None:
    """No load goes on from one whose manifest this program may misread."""
    for manifest in committed:
        if manifest.version > MANIFEST_VERSION:
            raise StopStream(
                f"load {manifest.seq} was written by a newer program (version {manifest.version}, we know {MANIFEST_VERSION}).",
                what_to_do="Run the version of this program that wrote it, or a later one.",
            )


def _counted(reading: Reading) -> int | None:
    """How many records the vendor says it has in all; None where it does not tell, or not to us."""
    holdings = reading.stream.holdings
    if holdings is None or holdings.count is None or is_exported(reading.stream.source):
        return None
    try:
        return holdings.count(reading)
    except StopStream as error:
        if type(error) not in (StopStream, CredentialsRefused):
            raise
        logger.warning("%s: the vendor does not tell how many records it has: %s", reading.stream.full_name, error)
        return None


def _client(stream: Stream) -> AbstractContextManager[Any]:
    opened = None if is_exported(stream.source) else find_source(stream.source).open_client
    return nullcontext() if opened is None else opened(connection(stream.source))


class _Attempt:
    """One reading of a stream into parts under a random name; `commit` makes it the load."""

    def __init__(self, stream: Stream, context: RunContext, storage: Storage, start: admission.StartCursor, seq: int) -> None:
        self.stream = stream
        self.context = context
        self.storage = storage
        self.seq = seq
        self.id = uuid.uuid4().hex
        self.parts: list[Part] = []
        self.pages = 0
        self.records = 0
        self.total: int | None = None
        self.counted: int | None = None
        self.swept: dict[str, Mapping[str, int]] = {}
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
        tail = b',"_at":%d,"d":' % int(self.context.now.timestamp() * 1000)
        for page in _as_documented(pages):
            self._note(page)
            head = b'{"_s":%d,"_p":%d,"_i":' % (self.seq, self.pages)
            for record in page.records:
                self._note_time(record)
                kept = self._eraser.apply(record) if self._eraser else record
                if kept is None:
                    self.erased += 1
                    continue
                if b"\n" in kept or b"\r" in kept:
                    kept = kept.replace(b"\n", b" ").replace(b"\r", b" ")
                yield b"%b%d%b%b}\n" % (head, self.records, tail, kept)
                self.records += 1
            self.pages += 1

    def _note(self, page: Page) -> None:
        self.files |= page.files
        self.swept |= page.swept
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
        """What a few loads have: drop files, the load it goes on from, records of erased people, what was counted and swept,
        the mark of a backfill."""
        told: dict[str, Any] = {"files": self.files} if self.files else {}
        if self.after:
            told["after"] = self.after
        if self.erased:
            told["erased"] = self.erased
        if self.counted is not None:
            told["counted"] = self.counted
        if self.swept:
            told["swept"] = self.swept
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
            next_cursor=self.next_cursor if stream.mode in ("cursor", "sweep") else None,
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


def _as_documented(pages: Iterator[Page]) -> Iterator[Page]:
    """The pages; a record that a source looks into and finds broken is a bad answer, as a broken page is to the client."""
    try:
        yield from pages
    except ContractBroken as error:
        raise BadAnswer(str(error)) from error


def _event_time_reader(stream: Stream) -> Callable[[bytes], datetime | None]:
    """How new a record says it is; None for what is not newer than one before, absent or unreadable (typing sets it aside)."""
    if stream.mode != "window" or stream.cursor_field is None:
        return lambda record: None
    path = stream.column(stream.cursor_field).json_path
    shape: Any = msgspec.defstruct("EventTime", [("moment", Any, None)], rename={"moment": path})
    decoder = msgspec.json.Decoder(shape)
    newest = ""

    def read(record: bytes) -> datetime | None:
        nonlocal newest
        try:
            text = decoder.decode(record).moment
            is_plain = isinstance(text, str) and text[10:11] == "T" and text.endswith("Z")
            if is_plain and len(text) == len(newest) and text <= newest:
                return None
            moment = datetime.fromisoformat(text)
            newest = text if is_plain else newest
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
