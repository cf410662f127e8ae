"""The state of every stream in plain words, read from the objects that landing, typing and audit left behind.

One LoadState per stream: what the newest load brought, what the checks said, and which load is served when that one
was held back or never came; a backfill belongs to no night and is left out. Ages are against the night, never against the
wall clock. With real sources the five ingests and the build of one night have times of their own, so a load of the last
hours before `now` belongs to the night.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import tee
from typing import Any

from learning_warehouse import loads
from learning_warehouse.loads import StoredVerdict
from learning_warehouse.sources import every_source, every_stream, is_read, present
from learning_warehouse.storage import Storage, storage
from learning_warehouse.streams import Receipt, Stream, tenant_of

SYSTEMS = {"lms": "learning system", "hris": "HR system", "support": "help desk", "crm": "CRM", "signals": "drop folder"}

OLDEST_GOOD_HOURS = 36
ONE_NIGHT = timedelta(hours=20)


@dataclass(frozen=True)
class LoadState:
    """One stream on one night. Times are ISO 8601 UTC texts; counts are records; None means that nobody told us."""

    source: str
    stream: str
    domain: str
    state: str
    records: int | None = None
    typed: int | None = None
    set_aside: int | None = None
    set_aside_reasons: dict[str, int] = field(default_factory=dict)
    unknown_keys: dict[str, int] = field(default_factory=dict)
    vendor_total: int | None = None
    mode: str = ""
    window_from: str | None = None
    window_to: str | None = None
    pages: int | None = None
    requests: int | None = None
    retries: int | None = None
    checks_total: int = 0
    checks_passed: int = 0
    reasons: list[dict[str, Any]] = field(default_factory=list)
    newest_event_at: str | None = None
    seq: int | None = None
    asked_at: str | None = None
    failure: str | None = None
    failure_class: str | None = None
    served_seq: int | None = None
    served_night: str | None = None
    served_age_hours: float | None = None

    @property
    def name(self) -> str:
        return f"{self.source}.{self.stream}"

    @property
    def system(self) -> str:
        """What people call the source, e.g. `help desk`, and `help desk of emea` for a further tenant."""
        tenant = tenant_of(self.source)
        return f"{SYSTEMS[self.domain]} of {tenant}" if tenant else SYSTEMS[self.domain]

    @property
    def is_good(self) -> bool:
        """True when this night's data of the stream is what readers see."""
        if self.state == "not asked":
            return self.served_age_hours is not None and self.served_age_hours <= OLDEST_GOOD_HOURS
        return self.state in ("admitted", "admitted with a warning", "nothing new", "absent")

    @property
    def trouble(self) -> str:
        """Why the stream did not arrive, as one sentence without data of people."""
        sentences = [str(reason["sentence"]) for reason in self.reasons if reason.get("severity") == "critical"]
        return ", ".join(sentences) or self.failure or "see the log"


def anything_new(now: datetime) -> bool:
    """True when some stream serves another load than the served generation was built from."""
    from learning_warehouse.generations import served

    generation = served()
    if generation is None:
        return True
    built_from = {(load["source"], load["stream"]): load["served_seq"] for load in generation.manifest["loads"]}
    return any(built_from.get((state.source, state.stream)) != state.served_seq for state in load_states(now))


def load_states(now: datetime) -> list[LoadState]:
    """One state per stream, in the order of the registry.

    An absent vendor that never loaded anything is left out where the company has another vendor of that domain.
    """
    stored = storage()
    answered = {source.domain for name, source in every_source().items() if present(name)}
    states = [_state(stored, stream, now) for stream in every_stream()]
    return [one for one in states if one.state != "absent" or one.served_seq is not None or one.domain not in answered]


def _state(stored: Storage, stream: Stream, now: datetime) -> LoadState:
    raw = f"raw/{stream.source}/{stream.name}"
    first, landed = tee(one for one in _backwards(stored, f"{raw}/_manifests/") if not one.get("extra", {}).get("backfill"))
    manifest = next(first, None)
    served = _last_admitted(stored, stream, landed)
    failed = _failure(stored, f"{raw}/_failures/", now)
    failure = str(failed["reason"]) if failed else None
    age = (now - _moment(served.now)).total_seconds() / 3600 if served else None
    common: dict[str, Any] = {
        "source": stream.source,
        "stream": stream.name,
        "domain": stream.domain,
        "served_seq": served.seq if served else None,
        "served_night": served.now if served else None,
        "served_age_hours": age,
    }
    if not is_read(stream.full_name):
        return LoadState(state="absent", **common)
    failed_since = failed is not None and manifest is not None and _moment(failed["now"]) > _moment(manifest["now"])
    if manifest is None or not _is_of_night(manifest, now) or failed_since:
        word = "failed" if failure else "not asked" if served else "never loaded"
        return LoadState(state=word, failure=failure, failure_class=str(failed["error_class"]) if failed else None, **common)
    seq = int(manifest["seq"])
    receipt, verdict = loads.receipt(stream, seq, stored), loads.verdict(stream, seq, stored)
    return LoadState(
        state=_word(verdict, receipt),
        records=manifest["records"],
        typed=receipt.typed if receipt else None,
        set_aside=receipt.set_aside if receipt else None,
        set_aside_reasons=receipt.set_aside_reasons if receipt else {},
        unknown_keys=receipt.unknown_keys if receipt else {},
        vendor_total=manifest.get("vendor_total"),
        mode=manifest.get("mode", ""),
        window_from=manifest.get("window_from"),
        window_to=manifest.get("window_to"),
        pages=manifest.get("pages"),
        requests=manifest.get("requests"),
        retries=manifest.get("retries"),
        checks_total=verdict.checks_total if verdict else 0,
        checks_passed=verdict.checks_passed if verdict else 0,
        reasons=verdict.reasons if verdict else [],
        newest_event_at=receipt.newest_event_at if receipt else None,
        seq=seq,
        asked_at=manifest["now"],
        failure=failure,
        **common,
    )


def _word(verdict: StoredVerdict | None, receipt: Receipt | None) -> str:
    if verdict is None:
        return "not audited" if receipt else "not typed"
    if verdict.verdict == "rejected":
        return "held back"
    if verdict.verdict == "empty":
        return "nothing new"
    return "admitted with a warning" if verdict.severity == "warning" or verdict.reasons else "admitted"


def _backwards(stored: Storage, prefix: str) -> Iterator[dict[str, Any]]:
    """The objects below a prefix, newest first, read one by one."""
    for key in reversed(loads.last_keys(prefix, stored)):
        if (value := _read(stored, key)) is not None:
            yield value


def _last_admitted(stored: Storage, stream: Stream, landed: Iterable[dict[str, Any]]) -> StoredVerdict | None:
    """The newest verdict whose load readers see; a load with no records counts, as it says that nothing changed."""
    for manifest in landed:
        verdict = loads.verdict(stream, int(manifest["seq"]), stored)
        if verdict and verdict.verdict in ("admitted", "empty"):
            return verdict
    return None


def _failure(stored: Storage, prefix: str, now: datetime) -> dict[str, Any] | None:
    """The newest record of why the vendor gave nothing on this night, if it did not."""
    failures = [failure for key in stored.list(prefix) if (failure := _read(stored, key)) and _is_of_night(failure, now)]
    return max(failures, key=lambda failure: _moment(failure["now"]), default=None)


def _is_of_night(what: dict[str, Any], now: datetime) -> bool:
    return now - ONE_NIGHT < _moment(what["now"]) <= now


def _read(stored: Storage, key: str) -> dict[str, Any] | None:
    if not stored.exists(key):
        return None
    value: dict[str, Any] = json.loads(stored.read_bytes(key))
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
