"""What landing, typing and auditing left behind, read back: manifests, receipts, verdicts, failures, and one summary a load.

Keys: raw/<source>/<stream>/_manifests/00000001.json (and _verdicts/, _failures/), typed/<source>/<stream>/v=1/_receipts/.
Nothing of it is overwritten: a further judgment of a load is a further verdict, 00000001.0002.json, and the last one wins.
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
    """One judgment of one load, as it was stored. `reasons` are objects with check, severity, sentence and touches.

    `number` counts the judgments of the load. `contract` is the contract version of the rows that were judged; `by` and `why`
    are set when a person decided, None when the audit did.
    """

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
    contract: int = 1
    number: int = 1
    by: str | None = None
    why: str | None = None


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


def manifest_key(source: str, stream: str, seq: int, revision: int = 1) -> str:
    further = f".{revision:04d}" if revision > 1 else ""
    return f"raw/{source}/{stream}/_manifests/{number(seq)}{further}.json"


def add_manifest(revised: Manifest, storage: Storage) -> None:
    """Stores a further manifest of a load that is there already, which then counts; only an erasure writes one."""
    revision = 2
    while not storage.create_if_absent(
        manifest_key(revised.source, revised.stream, revised.seq, revision), msgspec.json.encode(revised)
    ):
        revision += 1


def verdict_key(source: str, stream: str, seq: int, judgment: int = 1) -> str:
    further = f".{judgment:04d}" if judgment > 1 else ""
    return f"raw/{source}/{stream}/_verdicts/{number(seq)}{further}.json"


def failure_key(source: str, stream: str, run_id: str) -> str:
    return f"raw/{source}/{stream}/_failures/{safe_name(run_id)}.json"


def typed_folder(stream: Stream) -> str:
    return f"typed/{stream.source}/{stream.name}/v={stream.contract}"


def receipt_key(stream: Stream, seq: int) -> str:
    return f"{typed_folder(stream)}/_receipts/{number(seq)}.json"


def manifests(stream: Stream, storage: Storage) -> list[Manifest]:
    """All committed loads of a stream in order of their numbers; of a load that was revised the last manifest."""
    return [_read(key, Manifest, storage) for key in last_keys(f"raw/{stream.source}/{stream.name}/_manifests", storage)]


def last_keys(folder: str, storage: Storage) -> builtins.list[str]:
    """The keys of the numbered objects of a folder that count: of 00000001.json and 00000001.0002.json the second."""
    found: dict[str, tuple[int, str]] = {}
    for key in storage.list(folder):
        name, *further = key.rpartition("/")[2].removesuffix(".json").split(".")
        revision = int(further[0]) if further else 1
        if key.endswith(".json") and revision > found.get(name, (0, ""))[0]:
            found[name] = (revision, key)
    return [found[name][1] for name in sorted(found)]


def receipt(stream: Stream, seq: int, storage: Storage) -> Receipt | None:
    """The receipt of a typed load, None while it is not typed."""
    key = receipt_key(stream, seq)
    return _read(key, Receipt, storage) if storage.exists(key) else None


def receipts(stream: Stream, storage: Storage) -> list[Receipt]:
    """The receipts of all typed loads of a stream in order."""
    keys = storage.list(f"{typed_folder(stream)}/_receipts")
    return [_read(key, Receipt, storage) for key in keys if key.endswith(".json")]


def verdict(stream: Stream, seq: int, storage: Storage) -> StoredVerdict | None:
    """The verdict of a load that counts, which is the last one; None while it is not audited."""
    judgment = 0
    while storage.exists(verdict_key(stream.source, stream.name, seq, judgment + 1)):
        judgment += 1
    return _read(verdict_key(stream.source, stream.name, seq, judgment), StoredVerdict, storage) if judgment else None


def add_verdict(told: StoredVerdict, stream: Stream, storage: Storage) -> StoredVerdict:
    """Stores one more verdict under its number; returns the one that is there when another process was faster."""
    key = verdict_key(stream.source, stream.name, told.seq, told.number)
    storage.create_if_absent(key, msgspec.json.format(msgspec.json.encode(told), indent=1))
    return verdict(stream, told.seq, storage) or told


def judged_again(stream: Stream, storage: Storage) -> builtins.list[int]:
    """The loads that have more than one verdict."""
    names = [key.rpartition("/")[2].split(".") for key in storage.list(f"raw/{stream.source}/{stream.name}/_verdicts")]
    return sorted({int(parts[0]) for parts in names if len(parts) == 3})


def is_rejected_by_hand(judged: StoredVerdict) -> bool:
    """Whether a person has rejected the load, which no audit changes."""
    return judged.by is not None and judged.verdict == "rejected"


def is_backfill(manifest: Manifest) -> bool:
    """Whether the load asked for a past interval on purpose; it moves no cursor and is nobody's measure."""
    return bool(manifest.extra.get("backfill"))


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


def landed_sources(storage: Storage) -> set[str]:
    """Every source that raw has a folder of, whether company.yml names it or not."""
    return {key.split("/")[1] for key in storage.list("raw")}


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
