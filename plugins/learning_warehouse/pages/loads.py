"""The state of every stream in plain words, read from the objects that landing, typing and audit left behind.

One LoadState per stream: what the newest load brought, what the checks said, and which load is served when that one
was held back or never came. Ages are against the night, never against the wall clock.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from learning_warehouse.settings import company
from learning_warehouse.sources import SOURCES
from learning_warehouse.storage import Storage, storage

SYSTEM_NAMES = {
    "absorb": "learning system",
    "bamboohr": "HR system",
    "zendesk": "help desk",
    "salesforce": "CRM",
    "drops": "drop folder",
}

OLDEST_GOOD_HOURS = 36


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
    served_seq: int | None = None
    served_night: str | None = None
    served_age_hours: float | None = None

    @property
    def name(self) -> str:
        return f"{self.source}.{self.stream}"

    @property
    def system(self) -> str:
        """What people call the source, e.g. `help desk`."""
        return SYSTEM_NAMES.get(self.source.partition("@")[0], self.source)

    @property
    def is_good(self) -> bool:
        """True when this night's data of the stream is what readers see."""
        if self.state == "not asked":
            return self.served_age_hours is not None and self.served_age_hours <= OLDEST_GOOD_HOURS
        return self.state in ("admitted", "admitted with a warning", "nothing new", "absent")


def load_states(now: datetime) -> list[LoadState]:
    """One state per stream of every source, in the order of the registry."""
    stored = storage()
    connected = dict(company().sources)
    return [
        _state(stored, source, stream.name, definition.domain, now, connected.get(source, "absent"))
        for source, definition in SOURCES.items()
        for stream in definition.streams.values()
    ]


def _state(stored: Storage, source: str, stream: str, domain: str, now: datetime, connected: str) -> LoadState:
    raw = f"raw/{source}/{stream}"
    manifest = _newest(stored, f"{raw}/_manifests/")
    served = _last_admitted(stored, f"{raw}/_verdicts/")
    failure = _failure(stored, f"{raw}/_failures/", now)
    age = (now - _moment(served["now"])).total_seconds() / 3600 if served else None
    common: dict[str, Any] = {
        "source": source, "stream": stream, "domain": domain,
        "served_seq": served["seq"] if served else None, "served_night": served["now"] if served else None, "served_age_hours": age,
    }  # fmt: skip
    if connected == "absent":
        return LoadState(state="absent", **common)
    if manifest is None or _moment(manifest["now"]) != now:
        word = "failed" if failure else "not asked" if served else "never loaded"
        return LoadState(state=word, failure=failure, **common)
    seq = int(manifest["seq"])
    receipt = _read(stored, f"typed/{source}/{stream}/v={manifest.get('contract', 1)}/_receipts/{seq:08d}.json") or {}
    verdict = _read(stored, f"{raw}/_verdicts/{seq:08d}.json") or {}
    return LoadState(
        state=_word(verdict, receipt),
        records=manifest["records"],
        typed=receipt.get("typed"),
        set_aside=receipt.get("set_aside"),
        set_aside_reasons=receipt.get("set_aside_reasons") or {},
        unknown_keys=receipt.get("unknown_keys") or {},
        vendor_total=manifest.get("vendor_total"),
        mode=manifest.get("mode", ""),
        window_from=manifest.get("window_from"),
        window_to=manifest.get("window_to"),
        pages=manifest.get("pages"),
        requests=manifest.get("requests"),
        retries=manifest.get("retries"),
        checks_total=verdict.get("checks_total") or 0,
        checks_passed=verdict.get("checks_passed") or 0,
        reasons=verdict.get("reasons") or [],
        newest_event_at=receipt.get("newest_event_at"),
        seq=seq,
        asked_at=manifest["now"],
        failure=failure,
        **common,
    )


def _word(verdict: dict[str, Any], receipt: dict[str, Any]) -> str:
    if not verdict:
        return "not audited" if receipt else "not typed"
    if verdict["verdict"] == "rejected":
        return "held back"
    if verdict["verdict"] == "empty":
        return "nothing new"
    return "admitted with a warning" if verdict.get("severity") == "warning" or verdict.get("reasons") else "admitted"


def _newest(stored: Storage, prefix: str) -> dict[str, Any] | None:
    keys = [key for key in stored.list(prefix) if key.endswith(".json")]
    return _read(stored, keys[-1]) if keys else None


def _last_admitted(stored: Storage, prefix: str) -> dict[str, Any] | None:
    """The newest verdict whose load readers see; a load with no records counts, as it says that nothing changed."""
    for key in reversed([key for key in stored.list(prefix) if key.endswith(".json")]):
        verdict = _read(stored, key)
        if verdict and verdict["verdict"] in ("admitted", "empty"):
            return verdict
    return None


def _failure(stored: Storage, prefix: str, now: datetime) -> str | None:
    """Why the vendor gave nothing on this night, if it did not."""
    for key in reversed(stored.list(prefix)):
        failure = _read(stored, key)
        if failure and _moment(failure["now"]) == now:
            return str(failure["reason"])
    return None


def _read(stored: Storage, key: str) -> dict[str, Any] | None:
    if not stored.exists(key):
        return None
    value: dict[str, Any] = json.loads(stored.read_bytes(key))
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
