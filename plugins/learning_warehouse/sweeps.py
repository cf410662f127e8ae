"""Hard deletes: once a week the keys that a vendor has are compared with the keys that we hold; what is absent is gone.

A stream `<vendor>.deletions` lands one record for each key that vanished or came back, through the same steps as all data.
An absent key counts only when a second reading of the list does not have it either, as a list may shift while it is read.
Too many at once are refused by the gate `shrink_guard`; a person who knows better releases that load.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from learning_warehouse.erasures import at_path, id_text
from learning_warehouse.errors import BadAnswer, ConfigurationError
from learning_warehouse.holdings import DELETIONS, held_keys
from learning_warehouse.paging import whole_list
from learning_warehouse.streams import BEGINNING, Column, Page, Pages, Reading, Stream

EVERY = timedelta(days=7)
EARLY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class SweepPages:
    """The keys that vanished from a vendor or came back since they reached us; nothing when the last sweep is not a week old."""

    always: bool = False

    def __call__(self, reading: Reading) -> Iterator[Page]:
        if not self.always and not _is_due(reading):
            yield Page([])
            return
        for stream, list_keys in swept_streams(reading.stream.source):
            yield from _compared(stream, list_keys, reading)
        yield Page([], next_cursor=reading.window_to.isoformat())


def _is_due(reading: Reading) -> bool:
    """Whether the last sweep is a week old. A past interval is no time to look for what is gone now."""
    if reading.window_from != BEGINNING:
        return False
    return not reading.cursor or reading.window_to - datetime.fromisoformat(reading.cursor) >= EVERY - EARLY


def deletions(source: str, domain: str) -> Stream:
    """The stream of a vendor's hard deletes, for its `Source`."""
    columns = (
        Column("stream", required=True), Column("record_key", required=True), Column("is_gone", "boolean", required=True),
        Column("noticed_at", "timestamp", required=True),
    )  # fmt: skip
    return Stream(
        source, domain, DELETIONS, "sweep", SweepPages(), ("stream", "record_key"), "noticed_at", columns,
        meaning="One key that is gone from the vendor, or back.",
    )  # fmt: skip


def swept_streams(source: str) -> list[tuple[Stream, Pages]]:
    """The streams of a vendor whose hard deletes are looked for, each with what lists its keys."""
    from learning_warehouse.sources import find_source

    return [(one, one.holdings.keys) for one in find_source(source).streams.values() if one.holdings and one.holdings.keys]


def _compared(stream: Stream, list_keys: Pages, reading: Reading) -> Iterator[Page]:
    held = held_keys(stream, reading.storage)
    if not held.live and not held.gone:
        return
    listed = _keys(stream, list_keys, reading)
    gone = held.live - listed
    if gone:
        gone -= _keys(stream, list_keys, reading)
    back = held.gone & listed
    noticed = reading.window_to.isoformat()
    records = [
        msgspec.json.encode({"stream": stream.name, "record_key": key, "is_gone": is_gone, "noticed_at": noticed})
        for keys, is_gone in ((gone, True), (back, False))
        for key in sorted(keys)
    ]
    yield Page(records, swept={stream.name: {"known": len(held.live), "gone": len(gone), "back": len(back)}})


def _keys(stream: Stream, list_keys: Pages, reading: Reading) -> set[str]:
    """All keys that the vendor lists now. Raises BadAnswer when a record has none, Truncated when the list is cut."""
    asked = replace(reading, stream=stream, window_from=BEGINNING, cursor=None)
    paths = [stream.column(name).json_path for name in stream.primary_key]
    keys = set()
    for record in whole_list(list_keys(asked), asked):
        value: Any = msgspec.json.decode(record)
        parts = [id_text(at_path(value, path)) for path in paths]
        if None in parts:
            raise BadAnswer("a listed record has no key", stream.source, stream.name)
        keys.add("|".join(part or "" for part in parts))
    return keys


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: the verdict of its load, and by stream how many keys it knew, found gone and found back."""

    verdict: Any
    counts: dict[str, dict[str, int]]


def sweep(source: str) -> Swept:
    """Sweeps one vendor now, whenever the last sweep was, and admits what it finds. Raises ConfigurationError on a wrong name."""
    from learning_warehouse import steps
    from learning_warehouse.admission import admit
    from learning_warehouse.audit import audit
    from learning_warehouse.landing import land
    from learning_warehouse.sources import every_source, is_read
    from learning_warehouse.storage import storage
    from learning_warehouse.streams import RunContext
    from learning_warehouse.typing_records import type_load

    able = {name: one.streams[DELETIONS] for name, one in every_source().items() if DELETIONS in one.streams}
    if source not in able:
        raise ConfigurationError(f"{source!r} is not swept; swept are {', '.join(able)}, the others tell what they deleted.")
    stream = able[source]
    if not is_read(stream.full_name):
        raise ConfigurationError(f"{source} is not read over its API here.")
    stored = storage()
    with steps.alone("sweep") as (run_id, now), steps.simulated_world([stream.full_name], now):
        manifest = land(replace(stream, pages=SweepPages(always=True)), RunContext(run_id, now), stored)
        type_load(manifest, stored)
        verdicts = audit(stream.domain, run_id, now, stored)
        admit(stream.domain, stored)
    verdict = next(one for one in verdicts if (one.source, one.stream, one.seq) == (source, DELETIONS, manifest.seq))
    return Swept(verdict, {name: dict(counts) for name, counts in manifest.extra.get("swept", {}).items()})
