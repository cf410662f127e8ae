"""`lw janitor`: removes what nobody will read again, and never anything that a reader, a replay or a cursor needs.

Leftovers of killed tries (parts without a manifest, drafts), rows of rejected loads, quarantine and logs past their days,
rows of contracts that were replaced, and, only when company.yml sets `retention.raw_days`, old raw parts. It runs alone on
the home, so what looks like a leftover is one. Killed at any moment, it goes on at the next call.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from learning_warehouse import loads, steps
from learning_warehouse.checkpoints import reach
from learning_warehouse.replays import waiting
from learning_warehouse.retention import expire, expired, is_older
from learning_warehouse.settings import company, settings
from learning_warehouse.sources import every_stream
from learning_warehouse.storage import Storage, storage

Nights = Callable[[], dict[str, str]]
DRAFT = re.compile(r"^\..*\.draft$")


@dataclass(frozen=True, slots=True)
class Swept:
    """One kind of leftover: how many files went (or would go) and their bytes; `oldest` is the oldest night that stays."""

    kind: str
    files: int
    size: int
    oldest: str | None = None


def sweep(dry_run: bool) -> list[Swept]:
    """Removes leftovers of every kind, or only counts them; returns one line for each kind. Takes the lock of the home."""
    stored = storage()
    with steps.alone("janitor") as (_, now):
        return [
            _removed("parts without a load", orphan_parts(stored), stored, dry_run),
            _removed("unfinished drafts", _drafts(stored), stored, dry_run),
            _removed("rows of rejected loads", _old_rejected(stored, now), stored, dry_run, lambda: _nights(stored, "rejected")),
            _removed("quarantined records", _old_quarantine(stored, now), stored, dry_run, lambda: _nights(stored, "quarantine")),
            _removed("rows of replaced contracts", _replaced_contracts(stored), stored, dry_run),
            _logs(dry_run),
            _raw(stored, now, dry_run),
        ]


def orphan_parts(stored: Storage) -> Iterator[str]:
    """Parts that no manifest names. Raises DamagedLoad when a manifest cannot be read."""
    for stream in every_stream():
        named = {part.key for manifest in loads.manifests(stream, stored) for part in manifest.parts}
        yield from (key for key in stored.list(f"raw/{stream.source}/{stream.name}/parts") if key not in named)


def _drafts(stored: Storage) -> Iterator[str]:
    for zone in ("raw", "typed", "admitted", "rejected", "quarantine", "working/drafts", "working/gx"):
        for folder, _, names in os.walk(settings().home / zone):
            place = os.path.relpath(folder, settings().home)
            yield from (f"{place}/{name}" for name in sorted(names) if DRAFT.match(name))


def _old_rejected(stored: Storage, now: datetime) -> Iterator[str]:
    days = company().retention.rejected_days
    for stream in every_stream():
        for key in stored.list(f"rejected/{stream.source}/{stream.name}"):
            if not key.endswith(".parquet"):
                continue
            verdict = loads.verdict(stream, _seq(key), stored)
            if verdict is not None and (verdict.verdict != "rejected" or is_older(verdict.now, now, days)):
                yield key


def _old_quarantine(stored: Storage, now: datetime) -> Iterator[str]:
    days = company().retention.quarantine_days
    yield from (key for key, night in _nights(stored, "quarantine").items() if is_older(night, now, days))


def _replaced_contracts(stored: Storage) -> Iterator[str]:
    for stream in every_stream():
        if stream.contract == 1 or waiting(stream, stored):
            continue
        for zone in ("admitted", "typed"):
            prefix = f"{zone}/{stream.source}/{stream.name}"
            yield from (key for key in stored.list(prefix) if _contract(key, prefix) < stream.contract)


def _raw(stored: Storage, now: datetime, dry_run: bool) -> Swept:
    days, files, size = company().retention.raw_days, 0, 0
    for stream in every_stream() if days is not None else ():
        needed = set(waiting(stream, stored))
        for manifest in loads.manifests(stream, stored):
            if days is None or manifest.seq in needed or not is_older(manifest.now, now, days):
                continue
            there = [part.key for part in manifest.parts if stored.exists(part.key)]
            files, size = files + len(there), size + sum(_size(stored, key) for key in there)
            if there and not dry_run:
                expire(manifest, stream, now, days, stored)
    return Swept("raw parts past retention", files, size, _oldest_raw(stored))


def _logs(dry_run: bool) -> Swept:
    """Logs go by the age of their files, as they belong to the machine and not to a night."""
    before = (datetime.now(UTC) - timedelta(days=company().retention.logs_days)).timestamp()
    old = [
        path for path in sorted((settings().home / "logs").rglob("*.log*")) if path.is_file() and path.stat().st_mtime < before
    ]
    size = sum(path.stat().st_size for path in old)
    for path in [] if dry_run else old:
        path.unlink(missing_ok=True)
    return Swept("logs", len(old), size)


def _removed(kind: str, keys: Iterator[str], stored: Storage, dry_run: bool, nights: Nights = dict) -> Swept:
    found = list(keys)
    size = sum(_size(stored, key) for key in found)
    for key in [] if dry_run else found:
        reach("janitor.before_removal")
        stored.remove(key)
    left = {place: night for place, night in nights().items() if place not in found}
    return Swept(kind, len(found), size, min(left.values(), default=None))


def _nights(stored: Storage, zone: str) -> dict[str, str]:
    """Every file of a zone that belongs to a load, and the night of that load."""
    found: dict[str, str] = {}
    for stream in every_stream():
        keys = [key for key in stored.list(f"{zone}/{stream.source}/{stream.name}") if not key.endswith(".json")]
        nights = {one.seq: one.now for one in loads.manifests(stream, stored)} if keys else {}
        found |= {key: nights[_seq(key)] for key in keys if _seq(key) in nights}
    return found


def _seq(key: str) -> int:
    """The load of `rejected/.../00000003.parquet` or `quarantine/.../00000003.ndjson`."""
    return int(key.rpartition("/")[2].partition(".")[0])


def _oldest_raw(stored: Storage) -> str | None:
    kept = [
        one.now
        for stream in every_stream()
        for one in loads.manifests(stream, stored)
        if one.parts and one.seq not in expired(stream, stored)
    ]
    return min(kept, default=None)


def _size(stored: Storage, key: str) -> int:
    """Bytes of a file of this machine; 0 for an object elsewhere, which no listing is asked for."""
    path = stored.path(key)
    return os.path.getsize(path) if os.path.exists(path) else 0


def _contract(key: str, prefix: str) -> int:
    """2 for `typed/zendesk/tickets/v=2/...`."""
    return int(key.removeprefix(f"{prefix}/v=").partition("/")[0])
