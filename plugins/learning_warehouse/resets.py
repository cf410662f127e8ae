"""`lw reset`: a stream is asked for as if it had never been landed, and nothing that was admitted is taken away.

A reset is one small object, raw/<source>/<stream>/_resets/0001.json: loads up to `after` tell no cursor any more and are no
measure for the volume of later ones. The next load therefore reads everything the vendor has; rows merge by key and version.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from learning_warehouse import loads
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Stream


@dataclass(frozen=True, slots=True)
class Reset:
    """Who began a stream anew and why. `after` is the last load it ends; `at` is wall clock and only told, never read."""

    source: str
    stream: str
    number: int
    after: int
    by: str
    why: str
    at: str


def resets(stream: Stream, storage: Storage) -> list[Reset]:
    """All resets of a stream, oldest first."""
    keys = storage.list(f"raw/{stream.source}/{stream.name}/_resets")
    return [msgspec.json.decode(storage.read_bytes(key), type=Reset) for key in keys if key.endswith(".json")]


def reset_after(stream: Stream, storage: Storage, before: int | None = None) -> int:
    """The last load that a reset ended, 0 when there was none. With `before`, only resets that came before that load count."""
    return max((one.after for one in resets(stream, storage) if before is None or one.after < before), default=0)


def reset(stream: Stream, storage: Storage, by: str, why: str) -> Reset | None:
    """Begins a stream anew after its newest load. None when it is new already: nothing was landed since the last reset."""
    landed, earlier = loads.manifests(stream, storage), resets(stream, storage)
    after = landed[-1].seq if landed else 0
    if after == max((one.after for one in earlier), default=0):
        return None
    number = len(earlier) + 1
    told = Reset(stream.source, stream.name, number, after, by, why, loads.as_text(datetime.now(UTC).replace(microsecond=0)))
    storage.create_if_absent(f"raw/{stream.source}/{stream.name}/_resets/{number:04d}.json", msgspec.json.encode(told))
    return told
