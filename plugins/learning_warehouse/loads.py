"""What landing, typing and auditing left behind, read back: manifests, receipts, verdicts, failures, and one summary a load.

Keys: raw/<source>/<stream>/_manifests/00000001.json (and _verdicts/, _failures/), typed/<source>/<stream>/v=1/_receipts/.
"""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from learning_warehouse.errors import DamagedLoad
from learning_warehouse.sources import every_stream
from learning_warehouse.storage import Storage, safe_name
from learning_warehouse.streams import Manifest, Receipt, Stream

T = TypeVar("T")
VerdictName = Literal["admitted", "rejected", "empty"]


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """The audit's judgment of one load, as it was stored. `reasons` are objects with check, severity, sentence and touches."""

    source: str
    stream: str
    seq: int
    run_id: str
    now: str
    verdict: VerdictName
    severity: str | None
    reasons: list[dict[str, Any]]
    checks_total: int
    checks_passed: int
    records: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A stream that could not be landed in one run, and why. `at` is wall clock."""

    source: str
    stream: str
    run_id: str
    reason: str
    error_class: str
    at: str
    now: str


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """One load in one row. `verdict` is None until the audit has judged it; times are ISO 8601 UTC."""

    source: str
    domain: str
    stream: str
    seq: int
    run_id: str
    now: str
    mode: str
    verdict: VerdictName | None
    severity: str | None
    reasons: list[dict[str, Any]]
    records: int
    typed: int | None
    set_aside: int | None
    set_aside_reasons: dict[str, int]
    unknown_keys: dict[str, int]
    vendor_total: int | None
    checks_total: int
    checks_passed: int
    newest_event_at: str | None
    window_from: str
    window_to: str
    pages: int
    requests: int
    retries: int
    started_at: str
    ended_at: str

    @property
    def is_admitted(self) -> bool:
        """Whether readers may see it; an empty load counts as admitted."""
        return self.verdict in ("admitted", "empty")


def number(seq: int) -> str:
    """A sequence number as file names carry it: 00000042."""
    return f"{seq:08d}"


def manifest_key(source: str, stream: str, seq: int) -> str:
    return f"raw/{source}/{stream}/_manifests/{number(seq)}.json"


def verdict_key(source: str, stream: str, seq: int) -> str:
    return f"raw/{source}/{stream}/_verdicts/{number(seq)}.json"


def failure_key(source: str, stream: str, run_id: str) -> str:
    return f"raw/{source}/{stream}/_failures/{safe_name(run_id)}.json"


def typed_folder(stream: Stream) -> str:
    return f"typed/{stream.source}/{stream.name}/v={stream.contract}"


def receipt_key(stream: Stream, seq: int) -> str:
    return f"{typed_folder(stream)}/_receipts/{number(seq)}.json"


def manifests(stream: Stream, storage: Storage) -> list[Manifest]:
    """All committed loads of a stream in order of their numbers."""
    keys = [key for key in storage.list(f"raw/{stream.source}/{stream.name}/_manifests") if key.endswith(".json")]
    return [_read(key, Manifest, storage) for key in keys]


def receipt(stream: Stream, seq: int, storage: Storage) -> Receipt | None:
    """The receipt of a typed load, None while it is not typed."""
    key = receipt_key(stream, seq)
    return _read(key, Receipt, storage) if storage.exists(key) else None


def receipts(stream: Stream, storage: Storage) -> list[Receipt]:
    """The receipts of all typed loads of a stream in order."""
    keys = storage.list(f"{typed_folder(stream)}/_receipts")
    return [_read(key, Receipt, storage) for key in keys if key.endswith(".json")]


def verdict(stream: Stream, seq: int, storage: Storage) -> StoredVerdict | None:
    """The stored verdict of a load, None while it is not audited."""
    key = verdict_key(stream.source, stream.name, seq)
    return _read(key, StoredVerdict, storage) if storage.exists(key) else None


def last_admitted(stream: Stream, storage: Storage) -> Manifest | None:
    """The newest load with a good verdict, None before the first."""
    for manifest in reversed(manifests(stream, storage)):
        judged = verdict(stream, manifest.seq, storage)
        if judged is not None and judged.verdict != "rejected":
            return manifest
    return None


def summaries(stream: Stream, storage: Storage) -> list[LoadSummary]:
    """One summary for each load of a stream, oldest first."""
    return [_summary(stream, manifest, storage) for manifest in manifests(stream, storage)]


def latest(storage: Storage) -> list[LoadSummary]:
    """The newest load of each stream that has one, in landing order."""
    newest = [manifests(stream, storage)[-1:] for stream in every_stream()]
    return [_summary(stream, item, storage) for stream, items in zip(every_stream(), newest, strict=True) for item in items]


def all(storage: Storage) -> list[LoadSummary]:
    """Every load of every stream, in landing order and oldest first."""
    return [summary for stream in every_stream() for summary in summaries(stream, storage)]


def failures(storage: Storage, run_id: str) -> list[Failure]:
    """The streams that failed in one run and were not landed by a later try of it."""
    keys = [failure_key(stream.source, stream.name, run_id) for stream in every_stream()]
    return [_read(key, Failure, storage) for key in keys if storage.exists(key)]


def all_failures(storage: Storage) -> builtins.list[Failure]:
    """Every recorded failure, in landing order."""
    folders = [f"raw/{stream.source}/{stream.name}/_failures" for stream in every_stream()]
    return [_read(key, Failure, storage) for folder in folders for key in storage.list(folder)]


def as_text(moment: datetime) -> str:
    """An aware time as ISO 8601 UTC with Z."""
    return moment.isoformat().replace("+00:00", "Z")


def _summary(stream: Stream, manifest: Manifest, storage: Storage) -> LoadSummary:
    typed = receipt(stream, manifest.seq, storage)
    judged = verdict(stream, manifest.seq, storage)
    return LoadSummary(
        source=manifest.source,
        domain=stream.domain,
        stream=manifest.stream,
        seq=manifest.seq,
        run_id=manifest.run_id,
        now=manifest.now,
        mode=manifest.mode,
        verdict=judged.verdict if judged else None,
        severity=judged.severity if judged else None,
        reasons=judged.reasons if judged else [],
        records=manifest.records,
        typed=typed.typed if typed else None,
        set_aside=typed.set_aside if typed else None,
        set_aside_reasons=typed.set_aside_reasons if typed else {},
        unknown_keys=typed.unknown_keys if typed else {},
        vendor_total=manifest.vendor_total,
        checks_total=judged.checks_total if judged else 0,
        checks_passed=judged.checks_passed if judged else 0,
        newest_event_at=typed.newest_event_at if typed else None,
        window_from=manifest.window_from,
        window_to=manifest.window_to,
        pages=manifest.pages,
        requests=manifest.requests,
        retries=manifest.retries,
        started_at=manifest.started_at,
        ended_at=manifest.ended_at,
    )


def _read(key: str, shape: type[T], storage: Storage) -> T:
    try:
        return msgspec.json.decode(storage.read_bytes(key), type=shape)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise DamagedLoad(f"{key} is damaged: {error}", what_to_do="Run lw doctor.") from None
