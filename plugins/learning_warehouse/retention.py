"""How long each kind of file is kept: `retention` of company.yml, applied by `lw janitor`, proved by the oldest date per zone.

Raw parts go only when `raw_days` says so, since without them a load can never be typed again. Their manifest stays, and
raw/<source>/<stream>/_expired/<seq>.json, written before the first part goes, says that they are missing on purpose.
"""

from datetime import datetime, timedelta

import msgspec

from learning_warehouse import loads
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Manifest, Stream


def expired_key(stream: Stream, seq: int) -> str:
    return f"raw/{stream.source}/{stream.name}/_expired/{loads.number(seq)}.json"


def expired(stream: Stream, storage: Storage) -> set[int]:
    """The loads of a stream whose raw parts were removed on purpose."""
    keys = storage.list(f"raw/{stream.source}/{stream.name}/_expired")
    return {int(key.rpartition("/")[2].partition(".")[0]) for key in keys if key.endswith(".json")}


def is_older(now_of_load: str, now: datetime, days: int) -> bool:
    """Whether a load of that night is more than so many days older than the night `now`."""
    return now - datetime.fromisoformat(now_of_load) > timedelta(days=days)


def expire(manifest: Manifest, stream: Stream, now: datetime, days: int, storage: Storage) -> int:
    """Removes the raw parts of one load; returns how many there were. Killed in between, the next call removes the rest."""
    told = {"seq": manifest.seq, "now": loads.as_text(now), "raw_days": days, "parts": [part.sha256 for part in manifest.parts]}
    storage.create_if_absent(expired_key(stream, manifest.seq), msgspec.json.encode(told))
    there = [part.key for part in manifest.parts if storage.exists(part.key)]
    for key in there:
        storage.remove(key)
    return len(there)
